"""Are tickets of topics that a company does not have found as groups, and what else is taken for one?

    python -m tests.bench.clusters --data FOLDER… [--intents FILE] [--half 0|1] [--trials 40] [--seed 1] [--json]

A FOLDER is a tenant (articles, tickets, replies). A trial takes TAKEN subjects away: all tickets whose key names their article
are without a topic, and beside them those that no article answers, and one of each other subject. What a draft rests on are the
quotes of the recorded reply. FILE has lines `{id,set,intent,text}`: short questions by other people. A trial takes intents away,
ten tickets each, beside one ticket of each other intent of its set; no article is known. `--half`: the intents whose names'
hashes are even or odd.

    found            of the topics taken away that have FEWEST tickets: those of which a group is told, with more of its tickets
                     than of all others together
    purity           the share of such a group's tickets that are of its topic
    coverage         the share of the topic's tickets that are in it
    false_per_100    groups without such a topic, by 100 tickets that have none
    false_in_noise   the same where no topic was taken away
    by_words         all of these of the same tickets where no draft rests on any article; `intents` has nothing else
"""

import argparse
import hashlib
import html
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import tests.bench.ready  # noqa: F401  # isort: skip

from integrations.helpdesks.text import written
from klark.evidence.trends.tickets import Ticket
from klark.evidence.trends.uncovered import FEWEST, Asked, grouped
from klark.knowledge.similarity import stems_of
from klark.triage.model import vectors
from klark.triage.triage import things_asked
from tests.bench import files

TAKEN, OF_EACH = 3, 10
DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Known:
    """A ticket, and its true topic; "" for none."""

    asked: Asked
    topic: str


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures of all tenants together, and of the intents."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="tenants' folders")
    parser.add_argument("--intents", type=Path, help="a file of short questions")
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="which half of the intents")
    parser.add_argument("--trials", type=int, default=40, help="trials of each tenant, and of each set of intents")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    desks = [list(tenant(folder)) for folder in given.data]
    shown = {**figures(desks, given), "by_words": figures([[_bare(one) for one in each] for each in desks], given)}
    if given.intents:
        shown["intents"] = figures(list(intents(given.intents, given.half).values()), given)
    files.show(shown, [f"{name}: {value}" for name, value in shown.items()], as_json=given.json)


def tenant(folder: Path) -> Iterator[Known]:
    """The tenant's tickets."""
    articles = {
        row["id"]: _plain(f"{row['title']} {row['body_html']}") for row in _rows(folder, "articles", "body_html")
    }
    replies = {row["id"]: row for row in _rows(folder, "replies", "sentences")}
    for number, row in enumerate(_rows(folder, "tickets", "body_html")):
        language, text = row["expect"]["lang"], written(row["body_html"], "")
        said = " ".join(things_asked([text], language, vectors)) or text
        cited = _cited(replies.get(row["id"], {}), articles)
        yield Known(_asked(number, said, language, cited), row["expect"].get("article_pair") or "")


def _rows(folder: Path, name: str, field: str) -> list[files.Row]:
    return files.read_rows(folder / f"{name}.jsonl", {"id": str, field: (str, list)})


def _asked(number: int, said: str, language: str, article: str = "") -> Asked:
    return Asked(Ticket(DAY, "", number, str(number), "", unhappy=False), language, article, stems_of(said, language))


def _bare(one: Known) -> Known:
    return replace(one, asked=replace(one.asked, article=""))


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", html.unescape(re.sub("<[^>]*>", " ", text)).casefold()).strip()


def _cited(reply: Mapping[str, Any], articles: Mapping[str, str]) -> str:
    """Returns the article that most of the reply's quotes stand in, without its language; "" for none."""
    quotes = [_plain(one) for sentence in reply.get("sentences", ()) for one in sentence["quotes"]]
    held = Counter(next((key for key, text in articles.items() if one in text), "") for one in quotes if one)
    return held.most_common(1)[0][0].removesuffix("-fr").removesuffix("-en") if held else ""


def intents(path: Path, half: int) -> dict[str, list[Known]]:
    """Returns up to OF_EACH questions of half of the intents, by set."""
    by_intent: dict[tuple[str, str], list[files.Row]] = defaultdict(list)
    for row in files.read_rows(path, {"id": str, "set": str, "intent": str, "text": str}):
        by_intent[row["set"], row["intent"]].append(row)
    found: dict[str, list[Known]] = defaultdict(list)
    for (name, intent), rows in sorted(by_intent.items()):
        if _hash(f"{name}|{intent}") % 2 == half:
            for row in sorted(rows, key=lambda each: _hash(each["id"]))[:OF_EACH]:
                found[name].append(Known(_asked(len(found[name]), row["text"], "en"), intent))
    return found


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def figures(pools: Sequence[Sequence[Known]], given: argparse.Namespace) -> dict[str, Any]:
    """Returns the figures of trials with each pool."""
    draw, counts, shares = random.Random(given.seed), Counter[str](), defaultdict[str, list[float]](list)
    for pool in pools:
        for _ in range(given.trials):
            _trial(pool, draw, TAKEN, counts, shares)
            _trial(pool, draw, 0, counts, shares)
    return {
        "found": _share(counts["found"], counts["taken"]), "taken": counts["taken"],
        "purity": _share(sum(shares["purity"]), len(shares["purity"])),
        "coverage": _share(sum(shares["coverage"]), len(shares["coverage"])),
        "false_per_100": _share(100 * counts["false"], counts["others"]),
        "false_in_noise": _share(100 * counts["false_noise"], counts["noise"]), "tickets": sum(map(len, pools)),
    }  # fmt: skip


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 3) if whole else None


def _trial(
    pool: Sequence[Known], draw: random.Random, taken: int, counts: Counter[str], shares: Mapping[str, list[float]]
) -> None:
    by_topic: dict[str, list[Known]] = defaultdict(list)
    for one in pool:
        by_topic[one.topic].append(one)
    nothing = by_topic.pop("", [])
    large = [topic for topic, some in by_topic.items() if len(some) >= FEWEST]
    away = draw.sample(large, min(taken, len(large)))
    others = [*nothing, *(draw.choice(some) for topic, some in by_topic.items() if topic not in away)]
    tickets = [*others, *(one for topic in away for one in by_topic[topic])]
    draw.shuffle(tickets)
    topic_of = {one.asked.ticket.draft_id: one.topic for one in tickets}
    found: dict[str, float] = {}
    for group in grouped([one.asked for one in tickets]):
        topic, count = Counter(topic_of[one.ticket.draft_id] for one in group).most_common(1)[0]
        if topic in away and 2 * count > len(group):
            found[topic] = max(found.get(topic, 0.0), count / len(by_topic[topic]))
            shares["purity"].append(count / len(group))
        else:
            counts["false" if taken else "false_noise"] += 1
    counts["others" if taken else "noise"] += len(others)
    counts.update(taken=len(away), found=len(found))
    shares["coverage"].extend(found.values())


if __name__ == "__main__":
    main()
