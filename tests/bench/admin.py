"""How fast the pages are with many drafts: the queue's list, the page of one draft, the overview, outcomes, and the policy.

    python -m tests.bench.admin [--drafts 100000] [--json]
    {"drafts", "waiting", "list_ms", "detail_ms", "overview_ms", "outcomes_ms", "policy_ms", "queries", "queries_list",
     "queries_detail", "queries_overview", "queries_outcomes", "queries_policy"}

One draft in ten waits, the others were sent; each has its event, decision and delivery. An agent opens the list, and one
waiting draft after another, and a lead the policy's form, each 5 times to warm up and 50 times measured. `list_ms` and
`detail_ms` are the 95th percentile of the whole request in this process, without a network; `queries` is the number of the
reviewers' page that makes more, without the statements that begin and end transactions.
"""

import argparse
import json
import logging
import time
from collections.abc import Iterator
from itertools import cycle, repeat

import tests.bench.ready  # noqa: F401  # isort: skip

from django.db import connection, connections
from django.db.models import Model, TextField
from django.db.models.functions import MD5, Cast
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klark.models import EVERY_TENANT, Decision, Delivery, Draft, WebhookEvent, within
from tests.bench.stage import database
from tests.klark.companies import Company, company, login

WARM, MEASURED = 5, 50
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
WAITS = "CASE WHEN draft.id % 10 = 0 THEN 'waiting' ELSE 'sent' END"


def copies(model: type[Model], template: int, source: str, **columns: str) -> None:
    """Inserts a copy of the row `template` for each row of `source`, with these columns of its own, as SQL."""
    named = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(columns.get(name, f"template.{name}") for name in named)
    with within(EVERY_TENANT), connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(named)}) SELECT {values} FROM {table} AS template, {source}"
            f" WHERE template.id = {template}"
        )


def fill(ours: Company, drafts: int) -> None:
    """Makes the company's drafts up to this number: one a minute, in twenty topics and two languages."""
    at = "now() - n * interval '1 minute'"
    copies(Draft, ours.draft, f"generate_series(2, {drafts}) AS n", ticket_id="'b' || n", customer_wrote_at=at,
           created_at=at, topic="'topic-' || n % 20", language="CASE n % 3 WHEN 0 THEN 'fr' ELSE 'en' END")  # fmt: skip
    others = f"(SELECT * FROM klark_draft WHERE id > {ours.draft}) AS draft"
    copies(Delivery, ours.delivery, others, draft_id="draft.id", ticket_id="draft.ticket_id", state=WAITS,
           marker="gen_random_uuid()", created_at="draft.created_at", customer_wrote_at="draft.customer_wrote_at",
           urgency="draft.id / 10 % 3",
           ended_at=f"CASE WHEN {WAITS} = 'sent' THEN now() END")  # fmt: skip
    copies(WebhookEvent, ours.event, others, ticket_id="draft.ticket_id", key="draft.ticket_id", state="'done'")
    same = "(draft.ticket_id, draft.tenant_id) = (event.key, event.tenant_id)"
    copies(Decision, ours.decision, f"({others} JOIN klark_webhookevent AS event ON {same})", event_id="event.id",
           draft_id="draft.id", ticket_id="draft.ticket_id")  # fmt: skip
    analyze()


def analyze() -> None:
    """Lets PostgreSQL count, as it does by itself after a while."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def pages(ours: Company) -> Iterator[str]:
    """Returns the addresses of waiting drafts, from all over the queue."""
    with within(ours.tenant):
        waiting = Delivery.of(ours.tenant).filter(state="waiting").order_by(MD5(Cast("draft_id", TextField())))
        found = list(waiting.values_list("draft_id", flat=True)[:200])
    return (reverse("admin:klark_draft_change", args=(draft,)) for draft in cycle(found))


def measured(browser: Client, addresses: Iterator[str]) -> tuple[float, int]:
    """Returns the 95th percentile in milliseconds, and the most queries of a request of those that warmed up. The first is not
    counted: it also reads what a process then keeps."""
    queries, taken = 0, []
    browser.get(next(addresses))
    for _ in range(WARM - 1):
        with CaptureQueriesContext(connection) as asked:
            browser.get(next(addresses))
        queries = max(queries, sum(not each["sql"].startswith(CONTROL) for each in asked))
    for _ in range(MEASURED):
        address, started = next(addresses), time.perf_counter()
        answer = browser.get(address)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer
    return round(sorted(taken)[MEASURED * 95 // 100], 1), queries


def run(drafts: int, mark: str = "alder") -> dict[str, float]:
    """Makes a company with so many drafts, and measures as an agent of it."""
    ours = company(mark)
    fill(ours, drafts)
    agent = login(f"{mark}-agent", (ours, "agent"))
    list_ms, of_list = measured(agent, repeat(reverse("admin:klark_draft_changelist")))
    detail_ms, of_detail = measured(agent, pages(ours))
    overview_ms, of_overview = measured(agent, repeat(reverse("admin:index")))
    outcomes_ms, of_outcomes = measured(agent, repeat(reverse("admin:klark_outcomes")))
    form = repeat(reverse("admin:klark_policy_change", args=(ours.policy,)))
    policy_ms, of_policy = measured(login(f"{mark}-lead", (ours, "lead")), form)
    with within(ours.tenant):
        waiting = Delivery.of(ours.tenant).filter(state="waiting").count()
    return {"drafts": drafts, "waiting": waiting, "list_ms": list_ms, "detail_ms": detail_ms,
            "overview_ms": overview_ms, "outcomes_ms": outcomes_ms, "queries_outcomes": of_outcomes,
            "queries": max(of_list, of_detail), "queries_list": of_list, "queries_detail": of_detail,
            "queries_overview": of_overview, "policy_ms": policy_ms, "queries_policy": of_policy}  # fmt: skip


def main() -> None:
    """Fills a database of its own, measures and prints."""
    parser = argparse.ArgumentParser(prog="tests.bench.admin", description=__doc__)
    parser.add_argument("--drafts", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with database():
        print(json.dumps(run(given.drafts)))


if __name__ == "__main__":
    main()
