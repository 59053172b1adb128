"""Backtests, the regression set and trends in a headless Chromium: a running backtest shows its report by itself, and on a phone,
light or dark, it all fits and axe finds nothing serious. KLARK_SHOTS names a folder for pictures."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from klark.evidence.regression.case_results import CaseResult
from klark.evidence.regression.figures import figures
from klark.evidence.trends.rising import DAYS
from klark.models import (
    BacktestedTicket,
    BacktestRun,
    Connection,
    Delivery,
    Draft,
    Membership,
    Outcome,
    RegressionResult,
    RegressionRun,
    within,
)
from tests.browser.test_access import LAPTOP, faults
from tests.browser.test_admin import log_in, ours, pytestmark  # noqa: F401
from tests.klark.companies import Company
from tests.klark.evidence.test_figures import WRONG, row
from tests.klark.evidence.test_report import ABOUT, TEXTS


def looked_at(page: object, name: str) -> list[str]:
    if folder := os.environ.get("KLARK_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    return faults(page, name)


def history(account: Connection) -> None:
    """Drafts of nine weeks, with a topic that rises at their end and makes its customers angry, and one that is missing."""
    own = {"tenant_id": account.tenant_id, "connection": account, "turn": "1"}
    for day in range(DAYS + 1, 0, -1):
        at = timezone.now() - timedelta(days=day)
        Draft.objects.bulk_create(
            Draft(**own, ticket_id=f"{day}-{each}", topic="alder-topic", mood="angry" if day < 4 else "calm",
                  subject="Where is my parcel?", customer_wrote_at=at, created_at=at)
            for each in range(18 if day < 4 else 6)
        )  # fmt: skip
        if day < 8:
            asked = {"triage": {"asks": ["Do you also sell gift vouchers, and how long is a voucher valid?"]}}
            Draft.objects.create(**own, ticket_id=f"v{day}", subject="Gift vouchers", record=asked, language="en",
                                 customer_wrote_at=at, created_at=at)  # fmt: skip


def corrected(account: Connection) -> RegressionRun:
    """Three drafts that were edited, and two runs of the set: since the first, one case is better and one worse."""
    own = {"tenant_id": account.tenant_id}
    said, right = (f"Delivery to Belgium takes {days} working days. " * 5 for days in ("3 to 5", 9))
    made = []
    for number in range(3):
        draft = Draft.objects.create(
            **own, connection=account, ticket_id=str(900 + number), turn="1", subject="How long does delivery take?",
            reply_text=said, record={"ticket": {}},
        )  # fmt: skip
        Delivery.objects.create(
            **own, connection=account, ticket_id=draft.ticket_id, draft=draft, kind="reply", state="sent", html=right,
            sending_at=timezone.now(),
        )  # fmt: skip
        Outcome.objects.create(**own, draft=draft, kind="edited", text=right, by="alex")
        made.append(draft)
    for verdicts in (("wrong", "right", "handed_over"), ("right", "wrong", "handed_over")):
        of = [CaseResult(each.pk, verdict, "WAIT", text=said) for each, verdict in zip(made, verdicts, strict=True)]
        about = {"figures": figures(of), "currency": "EUR", "in_force": {"policy": len(verdicts), "klark": verdicts[0]}}
        run = RegressionRun.objects.create(**own, state="done", by="klark", about=about)
        for one in of:
            found = {
                **one.as_json(),
                "contradicting": [["3 working days", "9 working days"]] * (one.verdict == "wrong"),
            }
            RegressionResult.objects.create(
                **own, run=run, draft_id=one.draft_id, verdict=one.verdict, decision=one.decision, found=found
            )
    return run


def test_a_running_backtest_becomes_a_report_and_every_page_can_be_used_by_everyone(
    window: Callable[..., object], live_server: LiveServer, ours: Company  # noqa: F811
) -> None:  # fmt: skip
    Membership.objects.filter(tenant=ours.tenant).update(role="lead")
    with within(ours.tenant):
        account = Connection.of(ours.tenant).get()
        own = {"tenant_id": ours.tenant, "connection": account}
        run = BacktestRun.objects.create(**own, since=date(2026, 6, 1), limit=5, state="running", by="camille")
        for number, verdict in enumerate(("right", WRONG)):
            found = {**row(verdict=verdict, contradicting=[["3 days", "9 days"]]), **TEXTS, "id": str(number)}
            BacktestedTicket.objects.create(**own, run=run, ticket_id=str(number), found=found)
        history(account)
        tried = corrected(account)
    page = window(viewport=LAPTOP, locale="fr")
    log_in(page, live_server, "camille", "/admin/klark/backtestrun/")
    page.wait_for_selector(".k-backtest")
    wrong = looked_at(page, "backtests")
    page.goto(f"{live_server.url}/admin/klark/backtestrun/{run.pk}/change/")
    page.wait_for_selector("progress")
    wrong += looked_at(page, "running")
    with within(ours.tenant):
        BacktestRun.of(ours.tenant).update(state="done", about=ABOUT)
    page.wait_for_selector(".k-report article")
    wrong += looked_at(page, "report")
    page.goto(f"{live_server.url}/admin/klark/draft/trends/")
    page.wait_for_selector(".k-danger")
    wrong += looked_at(page, "trends")
    page.goto(f"{live_server.url}/admin/klark/regressionrun/")
    page.wait_for_selector(".k-cases")
    wrong += looked_at(page, "regression-set")
    page.goto(f"{live_server.url}/admin/klark/regressionrun/{tried.pk}/change/")
    page.wait_for_selector(".k-cases .k-danger")
    wrong += looked_at(page, "regression-run")
    assert "\n".join(wrong) == ""
