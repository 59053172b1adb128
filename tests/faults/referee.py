"""The referee: a process of its own that reads the stand-ins' record and klark's pages over HTTP, and nothing else.

    python -m tests.faults.referee

The first line on standard input says where everything is: {"accounts": {name: [address, desk, connection]}, "web", "login",
"password", "model"}. Each further line asks for a judgement of some tickets, {"cases": [...], "web": …}, and is answered with
one line: {"findings": [[kind, ticket, why], …], "parked", "tickets"}.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import requests
from lxml import html

from tests.faults.stage.shop import NAMES
from tests.faults.verdicts import Case, Finding, Judgement, Row, Seen, judged

LISTS = {"events": "webhookevent/?", "decisions": "decision/?kind=all&", "deliveries": "delivery/?"}
COLUMNS = {"state_shown": "state", "trouble_shown": "trouble", "kind_shown": "kind", "reason_shown": "reason"}
MOST_PAGES, ROWS_EACH = 40, 50


class Pages:
    """klark's admin, as an operator reads it."""

    def __init__(self, login: str, password: str) -> None:
        self.login, self.password = login, password
        self.session = requests.Session()

    def rows(self, web: str, page: str, tickets: set[str]) -> list[Row]:
        """Returns a list's rows about these tickets, in the list's order."""
        found: list[Row] = []
        before: list[Row] = []
        for number in range(1, MOST_PAGES):
            every = list(self._page(web, f"{page}p={number}"))
            if every == before:  # behind the last page stands the first one
                return found
            ours, before = [row for row in every if row["ticket"] in tickets], every
            found += ours
            if len(every) < ROWS_EACH or not ours:
                return found
        return found

    def _page(self, web: str, path: str) -> Iterator[Row]:
        address = f"{web}/admin/klark/{path}"
        answer = self.session.get(address, timeout=20, allow_redirects=False)
        if answer.status_code in (302, 403):
            self._log_in(web)
            answer = self.session.get(address, timeout=20)
        answer.raise_for_status()
        for row in html.fromstring(answer.text).xpath("//tr[contains(@class, 'data-row')]"):
            told = {
                (cell.get("class") or "").split()[0].removeprefix("field-"): " ".join(cell.text_content().split())
                for cell in row.xpath("./td|./th")
            }
            named = told.get("ticket_id") or told["about"].rpartition("#")[2].partition(" ")[0]
            yield {**{COLUMNS.get(name, name): text for name, text in told.items()}, "ticket": named}

    def _log_in(self, web: str) -> None:
        self.session.cookies.clear()
        page = self.session.get(f"{web}/admin/login/", timeout=20)
        told = {
            "username": self.login,
            "password": self.password,
            "csrfmiddlewaretoken": self.session.cookies["csrftoken"],
        }
        self.session.post(page.url, told, headers={"Referer": page.url}, timeout=20).raise_for_status()


class Referee:
    """Reads and judges."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.accounts: Mapping[str, Sequence[str]] = told["accounts"]
        self.model: str = told["model"]
        self.pages = Pages(told["login"], told["password"])
        self.session = requests.Session()

    def judge(self, cases: Sequence[Case], web: str) -> Judgement:
        """Returns what came of these tickets."""
        result = Judgement(tickets=len(cases))
        for account in sorted({case.account for case in cases}):
            of_account = [case for case in cases if case.account == account]
            tickets = {str(case.ticket) for case in of_account}
            rows, record = self._rows(account, tickets, web), self._record(account, tickets)
            for case in of_account:
                seen = self._seen(case, rows, record)
                result.findings += judged(case, seen)
                result.parked += bool(seen.parked)
        result.findings += [*self._unmasked(cases), *self._forged(web)]
        return result

    def _get(self, address: str) -> Any:
        return self.session.get(address, timeout=20).json()

    def _rows(self, account: str, tickets: set[str], web: str) -> dict[str, list[Row]]:
        """Returns klark's rows about an account's tickets: other accounts may have tickets of the same numbers."""
        only = f"connection__id__exact={self.accounts[account][2]}&"
        return {name: self.pages.rows(web, page + only, tickets) for name, page in LISTS.items()}

    def _record(self, account: str, tickets: set[str]) -> Mapping[str, Sequence[Row]]:
        address, asked = self.accounts[account][0], ",".join(tickets)
        return {name: self._get(f"{address}/_sandbox/{name}?tickets={asked}")[name] for name in ("writes", "webhooks")}

    def _seen(self, case: Case, rows: Mapping[str, list[Row]], record: Mapping[str, Sequence[Row]]) -> Seen:
        address, desk, _ = self.accounts[case.account]
        stored = self._get(f"{address}/_sandbox/tickets/{desk}/{case.ticket}")
        ours = {name: [row for row in kept if row["ticket"] == str(case.ticket)] for name, kept in rows.items()}
        of_desk = {name: [row for row in kept if row["ticket"] == case.ticket] for name, kept in record.items()}
        return Seen(stored, of_desk["webhooks"], of_desk["writes"], **ours)

    def _unmasked(self, cases: Sequence[Case]) -> Iterator[Finding]:
        """Yields each name or address that a model was sent."""
        prompts = "\n".join(self._get(f"{self.model}/prompts"))
        for name in NAMES:
            if f"{name} Example" in prompts or f"{name.lower()}.c" in prompts:
                yield Finding("unmasked", "a prompt", name)

    def _forged(self, web: str) -> Iterator[Finding]:
        """Yields each door that takes an event which nobody signed."""
        for account, (_, _, connection) in self.accounts.items():
            told = {"X-Klark-Secret": "a guess", "X-Zendesk-Webhook-Signature": "a guess"}
            body = {"ticket_id": 1, "id": "forged", "subject": "zen:ticket:1"}
            answer = self.session.post(f"{web}/webhooks/{connection}/", json=body, headers=told, timeout=20)
            if answer.ok:
                yield Finding("forged", account, f"answered {answer.status_code}")


def main() -> None:
    """Judges until standard input is closed."""
    referee = Referee(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        told = json.loads(line)
        result = referee.judge([Case(**case) for case in told["cases"]], told["web"])
        findings = [list(asdict(finding).values()) for finding in result.findings]
        print(json.dumps({"findings": findings, "parked": result.parked, "tickets": result.tickets}), flush=True)


if __name__ == "__main__":
    main()
