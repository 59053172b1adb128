"""Honest and wrong sentences by several writers, each as a reply of its own.

A path is one of three: the folder of a tenant (`articles.jsonl`, `tickets.jsonl`, `replies.jsonl`, `lies.jsonl` if there is one
yet); a file of groups `{lang,today,ticket,sources:[{title,lines}],claims:[{text,cites,right,kind}]}`, where `cites` counts
sources from 1; or a file of claims `{set,lang,context,claim,supported}`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from guardrails.base import Options, Reply, Sentence, Source
from guardrails.text.contacts import find_links
from guardrails.text.sentences import split_sentences
from integrations.helpdesks.text import html_to_text
from klark.knowledge.chunk import chunk
from tests.bench import files
from tests.bench.files import Fields, Row

ARTICLE: Fields = {"id": str, "title": str, "body_html": str, "lang": str, "url": str}
TICKET: Fields = {"id": str, "subject": str, "body_html": str, "history": list, "expect": dict, "requester": dict}
REPLY: Fields = {"id": str, "sentences": list}
LIE: Fields = {"id": str, "n": int, "kind": str, "text": str}
GROUP: Fields = {"lang": str, "today": str, "ticket": str, "sources": list, "claims": list}
CLAIM: Fields = {"set": str, "lang": str, "context": str, "claim": str, "supported": (bool, int)}
TODAY = date(2026, 11, 25)
"""The day on which the tenants' tickets were written."""
HONEST = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence with all that a check may see. `kind` is how it is wrong, or HONEST; `writer` names who wrote it."""

    writer: str
    kind: str
    reply: Reply
    options: Options


def read(path: Path) -> Iterator[Case]:
    """Every sentence of a path in its order."""
    if path.is_dir():
        return _of_tenant(path)
    first = path.read_text(encoding="utf-8").partition("\n")[0] if path.is_file() else ""
    return _of_claims(path) if '"supported":' in first and '"context":' in first else _of_groups(path)


def _of_tenant(folder: Path) -> Iterator[Case]:
    articles = files.read_rows(folder / "articles.jsonl", ARTICLE)
    sources = dict(_sources(articles))
    domains = frozenset(_own_domain(row["url"]) for row in articles)
    tickets = {row["id"]: row for row in files.read_rows(folder / "tickets.jsonl", TICKET)}
    replies = {row["id"]: row["sentences"] for row in files.read_rows(folder / "replies.jsonl", REPLY)}
    lies = files.read_rows(folder / "lies.jsonl", LIE) if (folder / "lies.jsonl").exists() else []
    said = [(id_, HONEST, each["text"], each["quotes"]) for id_, sentences in replies.items() for each in sentences]
    said += [(lie["id"], lie["kind"], lie["text"], replies[lie["id"]][lie["n"] - 1]["quotes"]) for lie in lies]
    for id_, kind, text, quotes in said:
        cites = tuple(sources.get(" ".join(quote.split()), Source("", quote)) for quote in quotes)
        yield _on_ticket(tickets[id_], folder.name, kind, Sentence(text, cites), domains)


def _sources(articles: list[Row]) -> Iterator[tuple[str, Source]]:
    """Every sentence of the articles, by its words, as klark's own code cuts them."""
    for row in articles:
        for part in chunk(row["title"], row["body_html"], row["lang"]):
            around = "\n".join(part.sentences)
            for text in part.sentences:
                yield " ".join(text.split()), Source(row["id"], text, part.title, row["url"], around)


def _own_domain(url: str) -> str:
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])


def _on_ticket(ticket: Row, writer: str, kind: str, sentence: Sentence, domains: frozenset[str]) -> Case:
    language = ticket["expect"]["lang"]
    reply = Reply((sentence,), language, written(ticket))
    options = Options(domains, language=language, reader="verified", today=TODAY)
    return Case(writer, kind, reply, options)


def written(ticket: Row) -> str:
    """What stands on a ticket: the subject, the public turns, the newest."""
    turns = [turn.get("body_html", "") for turn in ticket["history"] if turn.get("public", True)]
    return "\n".join((ticket["subject"], *map(html_to_text, (*turns, ticket["body_html"]))))


def _of_groups(path: Path) -> Iterator[Case]:
    for group in files.read_rows(path, GROUP):
        language, lines = group["lang"], [each["lines"] for each in group["sources"]]
        hosts = frozenset(link.host for link in find_links("\n".join(chain.from_iterable(lines))))
        options = Options(hosts, language=language, reader="verified", today=date.fromisoformat(group["today"]))
        for claim in group["claims"]:
            cites = (group["sources"][number - 1] for number in claim["cites"])
            sources = tuple(chain.from_iterable(_of_lines(cite["title"], cite["lines"]) for cite in cites))
            reply = Reply((Sentence(claim["text"], sources),), language, group["ticket"])
            yield Case(path.stem, HONEST if claim["right"] else claim["kind"], reply, options)


def _of_claims(path: Path) -> Iterator[Case]:
    for row in files.read_rows(path, CLAIM):
        sources = tuple(_of_lines(row["set"], list(split_sentences(row["context"], row["lang"]))))
        reply = Reply((Sentence(row["claim"], sources),), row["lang"])
        options = Options(language=row["lang"], reader="verified", today=TODAY)
        yield Case(row["set"], HONEST if row["supported"] else "unsupported", reply, options)


def _of_lines(title: str, lines: list[str]) -> Iterator[Source]:
    around = "\n".join(lines)
    return (Source(title, line, title, around=around) for line in lines)


def judged(folder: Path) -> Iterator[tuple[str, bool]]:
    """For each lie of a tenant that a recorded judge spoke of: its kind, and whether the judge let it pass."""
    if not (folder / "verdicts.jsonl").is_file():
        return
    rows = (json.loads(line) for line in (folder / "verdicts.jsonl").read_text(encoding="utf-8").splitlines())
    passed = {row["claim"]: row["verdict"] == "supported" and row["relevant"] for row in rows}
    for lie in files.read_rows(folder / "lies.jsonl", LIE):
        if lie["text"] in passed:
            yield lie["kind"], passed[lie["text"]]
