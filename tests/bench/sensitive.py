"""How many sensitive tickets are handed over, and how many ordinary ones are by mistake.

    python -m tests.bench.sensitive --data FILE_OR_FOLDER [--dial careful|balanced|open] [--json]

Lines are `{id,lang,category|null,text}`, or `{id,lang,kind,label,text}` with `kind` "sensitive" (then `label` is the topic),
"lookalike" or "ordinary" (others are passed over); a folder is read with all its `.jsonl` files. A ticket with a topic counts
as found when any topic is seen in it; `category_accuracy` counts those whose own topic is among them. Lines with `intent` and
without a topic are ordinary, but for the intents in `LEFT_OUT`, which count on neither side. `macro` is the mean of the recalls,
`critical` the recall over the tickets of the critical topics together; `false_escalation` the share of all others, `lookalikes`
and `ordinary` of these; `auroc` that of the highest topic's probability, sensitive tickets against look-alikes (all others, where
the lines know none); `null` where the file has none to count. `intervals` are 95 % (Wilson). `missed`: ids of
critical tickets that were not found; `mistaken`: kind and topics of the look-alikes and ordinary tickets that were
handed over, by id. `dials`: the same shares for each position of the dial. Time is wall-clock time;
OMP_NUM_THREADS=1 gives that of one core.
"""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from guardrails.triage.classify import DIALS, Dial, read, sensitive
from guardrails.triage.sensitive_topics import CATEGORIES
from klark.evidence.intervals import wilson
from klark.triage.model import vectors
from tests.bench import files
from tests.bench.files import Fields, Row

FIELDS: Fields = {"id": (str, int), "text": str}
LEFT_OUT = frozenset({
    "card_payment_not_recognised", "direct_debit_payment_not_recognised", "cash_withdrawal_not_recognised",
    "compromised_card", "report_fraud", "lost_or_stolen_card", "lost_or_stolen_phone", "report_lost_card", "freeze_account",
    "terminate_account", "delete_account", "complaint", "contact_human_agent", "age_limit",
})  # fmt: skip
"""Intents of public sets that are not surely ordinary: fraud, theft, closing an account, a child's age, a person wanted."""
KINDS = ("sensitive", "lookalike", "ordinary")


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket, what it truly is, the topics that were seen in it, the probability of the likeliest, and the positions of
    the dial that hand it over."""

    id: str
    topic: str
    kind: str
    seen: tuple[str, ...]
    most: float
    seconds: float
    dials: frozenset[str] = frozenset()


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one file or folder."""
    parser = files.parser(__doc__.split("\n", 1)[0], "a file of tickets, or a folder of such files")
    parser.add_argument("--dial", choices=DIALS, default="balanced", help="how easily a ticket is handed over")
    given = parser.parse_args(arguments)
    figures = measured(files.read_all(given.data, FIELDS), given.dial)
    lines = [f"{name:26} recall {share:.3f}" for name, share in figures["recall"].items()]
    others = [f"{name:26} {figure}" for name, figure in figures.items() if name != "recall"]
    files.show(figures, [*lines, *others], as_json=given.json)


def measured(rows: Sequence[Row], dial: Dial = "balanced") -> dict[str, Any]:
    """The figures over all rows that count."""
    counted = [(row, *_truth(row)) for row in rows if row.get("intent") not in LEFT_OUT]
    vectors(["Warm up. Chauffe."])
    return figures_of([_judge(row, topic, kind, dial) for row, topic, kind in counted if kind in KINDS])


def figures_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """Shares from 0 to 1 with four digits, `None` where there is nothing to divide by."""
    found, others = [one for one in judged if one.topic], [one for one in judged if not one.topic]
    by_topic = {name: [one for one in found if one.topic == name] for name in CATEGORIES}
    recall = {name: _share(bool(one.seen) for one in own) for name, own in by_topic.items() if own}
    known = [share for share in recall.values() if share is not None]
    critical = [one for one in found if CATEGORIES[one.topic].critical]
    alike = [one for one in others if one.kind == "lookalike"]
    counts = {"critical": critical, "found": found, "false_escalation": others, "lookalikes": alike,
              "ordinary": [one for one in others if one.kind == "ordinary"]}  # fmt: skip
    return {
        "n": len(judged), "recall": recall, "macro": round(sum(known) / len(known), 4) if known else None,
        **{name: _share(bool(one.seen) for one in own) for name, own in counts.items()},
        "intervals": {name: wilson(sum(bool(one.seen) for one in own), len(own)) for name, own in counts.items() if own},
        "category_accuracy": _share(one.topic in one.seen for one in found),
        "auroc": auroc([one.most for one in found], [one.most for one in alike or others]),
        "dials": {dial: {name: _share(dial in one.dials for one in own) for name, own in counts.items()} for dial in DIALS},
        "missed": [one.id for one in critical if not one.seen],
        "mistaken": {one.id: [one.kind, *one.seen] for one in others if one.seen},
        "ms_per_ticket": round(1000 * sum(one.seconds for one in judged) / max(1, len(judged)), 2),
    }  # fmt: skip


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How likely a positive's value is above a negative's; ties count half."""
    if not positive or not negative:
        return None
    rest = sorted(negative)
    below = sum(bisect_left(rest, one) + bisect_right(rest, one) for one in positive)
    return round(below / 2 / len(positive) / len(negative), 4)


def _share(truths: Iterable[bool]) -> float | None:
    kept = list(truths)
    return round(sum(kept) / len(kept), 4) if kept else None


def _judge(row: Row, topic: str, kind: str, dial: Dial) -> Judged:
    start = time.perf_counter()
    reading = read(row["text"], vectors)
    seen = sensitive(reading, dial)
    seconds, most = time.perf_counter() - start, max(reading.topics.values(), default=0.0)
    dials = frozenset(each for each in DIALS if sensitive(reading, each))
    return Judged(str(row["id"]), topic, kind, seen, most, seconds, dials)


def _truth(row: Row) -> tuple[str, str]:
    """The topic of a line ("" where it is ordinary) and its kind; else the bench ends."""
    if "kind" in row:
        return (_known(row, row.get("label")) if row["kind"] == "sensitive" else ""), row["kind"]
    if "category" not in row and not isinstance(row.get("intent"), str):
        files.refuse(f"{row['id']}: neither 'category' nor 'kind' nor 'intent'")
    topic = _known(row, row["category"]) if row.get("category") else ""
    return topic, "sensitive" if topic else "ordinary"


def _known(row: Row, topic: Any) -> str:
    if topic not in CATEGORIES:
        files.refuse(f"{row['id']}: {topic!r} is no sensitive topic")
    return str(topic)


if __name__ == "__main__":
    main()
