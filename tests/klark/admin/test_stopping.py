"""The red bar and the buttons that stop klark: seen on every page, pressed by leads and operators alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from klark.models import AuditEntry, Connection, Stop, within
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
STOP, RELEASE, INDEX = (reverse(f"admin:{name}") for name in ("klark_stop", "klark_release", "index"))
BAR = 'class="k-stopped"'


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def shown(browser: Client, address: str = INDEX) -> str:
    return browser.get(address).content.decode()


@pytest.mark.parametrize(("posted", "named"), [
    ({}, "Stopped: Alder<"), ({"connection": "connection"}, "Stopped: Alder · Zendesk · alder-desk<"),
    ({"topic": "alder-topic"}, "Stopped: Alder · topic: alder topic<"),
])  # fmt: skip
def test_one_click_stops_and_the_bar_says_what_since_when_and_by_whom(
    ours: Company, lead: Client, posted: dict[str, str], named: str
) -> None:
    assert (BAR in shown(lead), "Stop now" in shown(lead)) == (False, True)
    given = {name: str(ours.connection) if name == "connection" else value for name, value in posted.items()}
    lead.post(STOP, {"tenant": ours.tenant, **given})
    page = shown(lead)
    assert (named in page, ", by lead." in page, page.count(BAR)) == (True, True, 1)
    whole = "" if posted else f'name="tenant" value="{ours.tenant}"'
    others = [f'value="{each}"' for each in given.values()] or [whole]
    assert [each for each in others if each in page] == []  # what is stopped cannot be stopped again
    assert ("Everything of Alder is stopped already" in page) == (not posted)
    lead.post(RELEASE, {"stop": rows.get(Stop).pk})
    assert (BAR in shown(lead), rows.get(Stop).released_by) == (False, "lead")


def test_who_stopped_and_who_released_stands_in_the_audit_chain(ours: Company, lead: Client) -> None:
    lead.post(STOP, {"tenant": ours.tenant})
    lead.post(RELEASE, {"stop": rows.get(Stop).pk})
    with within(ours.tenant):
        acts = list(
            AuditEntry.objects.filter(act__in=("stopped", "released")).order_by("number").values_list("act", "who")
        )
    assert acts == [("stopped", "lead"), ("released", "lead")]


def test_the_bar_is_on_every_page_until_it_is_released(ours: Company, operator: Client) -> None:
    operator.post(STOP, {"tenant": ours.tenant})
    lists = [reverse(f"admin:klark_{model}_changelist") for model in ours.rows()]
    own = {model: pk for model, pk in ours.rows().items() if model != "recall"}  # its page leads to the list
    pages = [reverse(f"admin:klark_{model}_change", args=(pk,)) for model, pk in own.items()]
    others = [
        reverse(f"admin:{name}") for name in ("klark_article_gaps", "klark_personal_data", "klark_connection_health")
    ]
    assert [page for page in (*lists, *pages, *others) if BAR not in shown(operator, page)] == []


def test_an_agent_sees_the_bar_but_neither_button(ours: Company, lead: Client) -> None:
    lead.post(STOP, {"tenant": ours.tenant})
    page = shown(login("agent", (ours, "agent")))
    assert (BAR in page, "Release" in page, "Stop now" in page) == (True, False, False)


def test_nobody_stops_or_releases_what_is_not_theirs(ours: Company, lead: Client) -> None:
    birch = company("birch")
    strangers = [Client(), login("agent", (ours, "agent")), login("theirs", (birch, "operator"))]
    codes = [browser.post(STOP, {"tenant": ours.tenant}).status_code for browser in strangers]
    assert (codes, rows.count(Stop)) == ([302, 403, 404], 0)
    lead.post(STOP, {"tenant": ours.tenant})
    pk = rows.get(Stop).pk
    codes = [browser.post(RELEASE, {"stop": pk}).status_code for browser in strangers]
    assert (codes, rows.get(Stop).released_at, BAR in shown(strangers[2])) == ([302, 403, 404], None, False)


@pytest.mark.parametrize("posted", [
    {"connection": "no-such-id"}, {"topic": "no-such-topic"}, {"topic": "birch-topic"}, {"tenant": "x"}, {"tenant": "9" * 30},
])  # fmt: skip
def test_what_does_not_exist_cannot_be_stopped(ours: Company, lead: Client, posted: dict[str, Any]) -> None:
    company("birch")
    assert lead.post(STOP, {"tenant": ours.tenant, **posted}).status_code == 404
    assert rows.count(Stop) == 0


def test_a_stop_is_not_given_by_looking(ours: Company, lead: Client) -> None:
    assert [lead.get(address).status_code for address in (STOP, RELEASE)] == [405, 405]


def test_every_page_says_which_connection_is_in_shadow_mode_and_leads_an_operator_to_where_it_ends(
    ours: Company, lead: Client, operator: Client
) -> None:
    told = "<strong>Alder · Zendesk · alder-desk</strong> is in shadow mode: klark writes nothing there."
    queue, own = (
        reverse("admin:klark_draft_changelist"),
        reverse("admin:klark_connection_change", args=(ours.connection,)),
    )
    assert told not in shown(lead)
    rows.change(Connection, shadow=True)
    assert [told in shown(lead, page) for page in (INDEX, queue)] == [True, True]
    assert "An operator ends that on the connection's page." in shown(lead)
    assert f'<a class="k-link" href="{own}">End that on' in shown(operator)
    assert told not in shown(login("theirs", (company("birch"), "operator")))
    rows.change(Connection, active=False)
    assert told not in shown(lead)
