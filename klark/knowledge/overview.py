"""The state of a tenant's sources: help centres, folders, sites, and articles written by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from klark.knowledge.sync_help_centre import source_of
from klark.models import Article, Connection, Source, within

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One source. The figures are those of its last reading; None if nobody counts them. `left`: what was left out, and why."""

    label: str
    articles: int
    passages: int
    read_at: datetime | None = None
    changed: int | None = None
    withdrawn: int | None = None
    left_out: int | None = None
    left: tuple[str, ...] = ()
    trouble: str = ""


def overview(tenant_id: int) -> list[Line]:
    """Returns sources first, then help centres, then the rest that has articles. Opens its own transaction."""
    with within(tenant_id):
        counts = _counts(tenant_id)
        sources, accounts = list(Source.of(tenant_id)), list(Connection.of(tenant_id))
    lines = [_of_source(source, counts) for source in sources]
    lines += [_of_account(account, counts) for account in accounts]
    known = {line.label for line in lines}
    return lines + [Line(label, *count) for label, count in counts.items() if label not in known and count[0]]


def _counts(tenant_id: int) -> dict[str, tuple[int, int]]:
    """Returns (articles, passages) by label."""
    rows = Article.of(tenant_id).filter(current=True).values("source").order_by("source")
    counted = rows.annotate(some=Count("pk", distinct=True), parts=Count("passages"))
    return {label: (articles, passages) for label, articles, passages in counted.values_list("source", "some", "parts")}


def _of_source(source: Source, counts: Mapping[str, tuple[int, int]]) -> Line:
    left = [f"{key} {why}" for key, why in source.left[:SHOWN]]
    if source.left_out > SHOWN:
        left.append(f"and {source.left_out - SHOWN} more were left out")
    return Line(
        source.label, *counts.get(source.label, (0, 0)), source.read_at, source.changed, source.withdrawn,
        source.left_out, tuple(left), source.trouble,
    )  # fmt: skip


def _of_account(account: Connection, counts: Mapping[str, tuple[int, int]]) -> Line:
    label = source_of(account)
    return Line(label, *counts.get(label, (0, 0)), account.walked_at, trouble=account.knowledge_trouble)
