"""What the checks say of a reply that a person wants sent: of what klark did not draft itself, by code alone. Whether a sentence
follows from an article is not asked: whoever wrote it stands for that, and is shown a line that says it. Of what klark drafted,
only what its sources contradict is objected to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q
from django.utils.html import escape

from guardrails.base import Finding, Level, Reader, Reply, Sentence, Source
from guardrails.checks import CHECKS
from guardrails.checks.colleague_answers import ANSWERED
from guardrails.checks.groundedness import CONTRADICTED
from guardrails.checks.planted_instructions import SOURCE as PLANTED
from guardrails.grounding.carried_values import not_carried
from guardrails.guard import guard
from guardrails.text.contacts import find_links
from guardrails.text.sentences import split_sentences
from guardrails.text.words import is_content, stem
from integrations.helpdesks.base import Ticket
from klark.drafting.draft import sources_of
from klark.drafting.request import guard_options
from klark.models import Article, Draft
from klark.values.passages import FoundArticle, found_again
from klark.values.policy.rules import Rules
from klark.values.requester_trust import NOT_TOLD, Trust
from klark.values.revived import revived
from klark.values.ticket_text import customers_words
from klark.values.triage import Triage
from klark.values.words_kept import says

BY_CODE = {name: check for name, check in CHECKS.items() if name != "support"}
WITHOUT_PASSAGES = {name: check for name, check in BY_CODE.items() if name != "provenance"}
FEWEST_WORDS, LEAST_SHARE = 3, 0.6
"""Of a sentence's telling words: how many it has at least for a line to be found that says it, and the share in that line."""
MOST_SENTENCES = 100
"""The sentences for which a line is looked for: a page is to open at once, also one of a long text."""
MOST_LINKS = 50
"""The links of a text that are looked for in the tenant's articles."""
ON_SOURCES = frozenset({ANSWERED, PLANTED})
"""Findings on what a sentence cites, which nobody knows of a person's."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A finding that keeps a reply from being sent, and the sentence that it is about; "" for the whole reply. `sources`: what
    says otherwise ("title", "url", "text"), of a sentence that klark drafted."""

    finding: Finding
    sentence: str
    sources: tuple[Mapping[str, Any], ...] = ()

    @property
    def record(self) -> dict[str, Any]:
        """The same as a draft's row has its findings, but for the sentence, which is given in words, and its sources."""
        one = self.finding
        sources = [{name: each.get(name, "") for name in ("title", "url", "text")} for each in self.sources]
        told = {"id": one.id, "level": one.level.name, "why": one.why, "words": one.words}
        return {**told, "sentence": self.sentence, "sources": sources}


def contradicted(draft: Draft, text: str | None = None) -> tuple[Objection, ...]:
    """Returns the sentences of a draft whose sources say otherwise and that `text` still says; all of them without it."""
    found = Finding(CONTRADICTED, Level.HOLD, "its sources say otherwise")
    return tuple(
        Objection(found, each["text"], tuple(each["sources"]))
        for each in draft.sentences
        if each["state"] == "CONTRADICTED" and (text is None or says(text, each["text"]))
    )


def objections(draft: Draft, text: str, rules: Rules, by: str = "") -> tuple[Objection, ...]:
    """Returns what is `contradicted`, and what the checks find in `text`, above INFO, beside what the draft's page says anyway:
    in sentences that the draft does not have, and in the reply as a whole. It is checked against the ticket, the passages that
    were kept with the draft and the links of the articles; `by`: who may sign it."""
    ticket, triage = _ticket(draft), triage_of(draft)
    rules = rules.for_brand(ticket.brand_id) if ticket else rules
    passages = tuple(_passages(draft, triage.trust.level))
    sources = (*passages, *_offers(draft, rules), *_links(draft, text, passages))
    known = (customers_words(ticket), ticket.requester.name) if ticket else (triage.text,)
    said, own = split_sentences(text), {*split_sentences(draft.reply_text)}
    new = tuple(Sentence(each, () if each in own else sources) for each in said)
    reply = Reply(new, draft.language, "\n".join((*known, by)))
    checks = BY_CODE if draft.record.get("passages") else WITHOUT_PASSAGES
    verdict = guard(reply, guard_options(rules, triage, ticket=ticket), checks)
    shown = {each["id"] for each in draft.findings if each.get("sentence") is None}
    about = ((one, "" if one.sentence is None else said[one.sentence]) for one in verdict.findings)
    fresh = (
        Objection(one, sentence) for one, sentence in about
        if one.level > Level.INFO and one.id not in ON_SOURCES and (sentence not in own if sentence else one.id not in shown)
    )  # fmt: skip
    return (*contradicted(draft, text), *fresh)


def triage_of(draft: Draft) -> Triage:
    """Returns what a reply's wording needs of triage: the language, what is asked, and who will read it."""
    kept = draft.record.get("triage", {})
    trust = Trust(**kept["trust"]) if kept.get("trust") else NOT_TOLD
    return Triage(
        draft.language or None, draft.topic, "normal", "calm", (), tuple(kept.get("asks", ())), asks_for_human=False,
        injection=False, text=kept.get("text", ""), trust=trust,
    )  # fmt: skip


def _ticket(draft: Draft) -> Ticket | None:
    """Returns the ticket as it was; None where its words were deleted, or an older klark kept less of it."""
    try:
        return revived(Ticket, draft.record["ticket"]) if draft.record["ticket"]["comments"] else None
    except (KeyError, TypeError, ValueError):
        return None


def _passages(draft: Draft, reader: Reader) -> Iterator[Source]:
    """Yields every section that the drafter had before it and that this reader may be told, whole: any may bear out what a person
    writes, and each check reads each source for each sentence."""
    for each in map(found_again, draft.record.get("passages", ())):
        if reader == "verified" or not each.personal:
            texts = ("\n".join(section.lines) for section in each.sections)
            yield from (Source(each.article, text, each.title, each.url, personal=each.personal) for text in texts)


def _links(draft: Draft, text: str, passages: Iterable[Source]) -> Iterator[Source]:
    """Yields what of the tenant's articles for customers has a link of the text: it is nobody's own, though no passage has it.
    All articles are read once for all links, and not for those of passages that are nobody's own."""
    public = "\n".join(each.text for each in passages if each.url and not each.personal)
    links = [each.text for each in find_links(text)]
    if links := sorted({*links} - {each.text for each in find_links(public)}):
        having = [Q(url=link) | _has_link(escape(link)) for link in links[:MOST_LINKS]]
        articles = Article.of(draft.tenant_id).filter(current=True, audience="")
        first = articles.aggregate(**{f"link{n}": Min("pk", filter=has) for n, has in enumerate(having)})
        found = articles.only("key", "title", "url").in_bulk([pk for pk in first.values() if pk])
        for link, pk in zip(links, first.values(), strict=False):
            if pk in found:
                yield Source(found[pk].key, link, found[pk].title, found[pk].url)


def _has_link(link: str) -> Q:
    """Returns the condition that an article leads to this very address, or shows it; not to one that only begins like it."""
    return Q(body_html__contains=f'"{link}"') | Q(body_html__contains=f">{link}<")


def lines_behind(draft: Draft, sentences: Sequence[str]) -> list[Mapping[str, Any] | None]:
    """Returns for each sentence that a person wrote the line of the draft's passages that says it, as a draft's row has a source;
    None where there is none, and for those after the first MOST_SENTENCES."""
    passages = [each for each in map(found_again, draft.record.get("passages", ())) if not each.masked]
    lines = [
        (line, found, _words(f"{line.heading}\n{line.text}", draft.language))
        for found in passages for _, line in sources_of([found])
    ]  # fmt: skip
    behind = [_line_behind(each, draft.language, lines) for each in sentences[:MOST_SENTENCES]]
    return [*behind, *[None] * (len(sentences) - len(behind))]


def _line_behind(
    sentence: str, language: str, lines: Sequence[tuple[Source, FoundArticle, frozenset[str]]]
) -> Mapping[str, Any] | None:
    """Returns the first line that says it with all its values and the most of its words."""
    said = _words(sentence, language)
    best: tuple[float, Source, int] | None = None
    for line, found, words in lines if len(said) >= FEWEST_WORDS else ():
        share = len(said & words) / len(said)
        enough = share >= LEAST_SHARE and (best is None or share > best[0])
        if enough and not not_carried(sentence, language, f"{line.heading}\n{line.text}", found.language):
            best = share, line, found.version
    return {"title": best[1].title, "url": best[1].url, "version": best[2], "text": best[1].text} if best else None


def _words(text: str, language: str) -> frozenset[str]:
    """Returns the words and figures that tell something, as stems."""
    return frozenset(stem(each, language) for each in re.findall(r"\w+", text.lower()) if is_content(each, language))


def _offers(draft: Draft, rules: Rules) -> Iterator[Source]:
    """Yields what the policy lets a person offer on this topic."""
    for text in rules.offers_on(draft.topic, draft.language or rules.language).values():
        yield Source("policy", text)
