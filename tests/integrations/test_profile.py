"""The helpdesks' own fields of a requester and of their organization: read as they are, and never somebody else's."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from integrations.errors import Refused, TryLater
from integrations.helpdesks.base import Helpdesk, Ticket
from integrations.helpdesks.requester_fields import Profile
from tests.integrations.desks import FRESHDESK, ZENDESK, Desk, Reply, stub

NOBODY = Reply({"error": "RecordNotFound"}, 404)


@dataclass(frozen=True)
class Records:
    """Where a desk keeps them, and how its records look."""

    desk: Desk
    user: str
    organization: str

    def opened(self, user: Any = None, organization: Any = None) -> Helpdesk:
        shown = (self.user, user or self.person()), (self.organization, organization or self.company())
        return self.desk.open({("GET", path): answer for path, answer in shown})

    def person(self, number: object = 9001, belongs: object = 77) -> Reply:
        return self._record("user", {"id": number}, "organization_id", "company_id", belongs, {"plan": "gold"})

    def company(self, number: object = 77) -> Reply:
        return self._record("organization", {"id": number}, "", "", None, {"contract_until": "2027-01-01"})

    def _record(
        self, kind: str, row: dict[str, Any], zendesk: str, freshdesk: str, belongs: object, said: Any
    ) -> Reply:
        if self.desk is ZENDESK:
            return Reply({kind: {**row, zendesk: belongs, f"{kind}_fields": said}})
        return Reply({**row, freshdesk: belongs, "custom_fields": said})


RECORDS = (
    Records(ZENDESK, "/api/v2/users/9001.json", "/api/v2/organizations/77.json"),
    Records(FRESHDESK, "/api/v2/contacts/9001", "/api/v2/companies/77"),
)


@pytest.fixture(params=RECORDS, ids=lambda records: records.desk.name)
def records(request: pytest.FixtureRequest) -> Records:
    kept: Records = request.param
    return kept


def about(helpdesk: Helpdesk, **changed: Any) -> Ticket:
    ticket = replace(helpdesk.fetch("4711"), **changed)
    stub(helpdesk).sent.clear()
    return ticket


def asked(helpdesk: Helpdesk) -> list[str]:
    return [urlsplit(str(request.url)).path for request in stub(helpdesk).sent]


def test_the_fields_of_the_requester_and_of_their_organization_are_read(records: Records) -> None:
    desk = records.opened()
    told = desk.profile(about(desk), with_organization=True)
    assert told == Profile(records.desk.host, {"plan": "gold"}, {"contract_until": "2027-01-01"})
    assert asked(desk) == [records.user, records.organization]


def test_an_organization_is_asked_for_only_where_it_is_wanted(records: Records) -> None:
    desk = records.opened()
    assert desk.profile(about(desk), with_organization=False).organization == {}
    assert asked(desk) == [records.user]


def test_the_organization_that_the_ticket_names_must_be_the_requesters_own(records: Records) -> None:
    desk = records.opened()
    assert desk.profile(about(desk, organization_id="77"), with_organization=True).organization != {}
    assert desk.profile(about(desk, organization_id="78"), with_organization=True).organization == {}


@pytest.mark.parametrize("belongs", [None, "", "77/../1", -1, {"id": 77}])
def test_whoever_belongs_nowhere_has_no_organization(records: Records, belongs: object) -> None:
    desk = records.opened(user=records.person(belongs=belongs))
    assert desk.profile(about(desk), with_organization=True) == Profile(records.desk.host, {"plan": "gold"})


def test_another_record_than_the_one_asked_for_tells_nothing(records: Records) -> None:
    for changed in ({"user": records.person(9002)}, {"organization": records.company(78)}, {"user": Reply({})}):
        desk = records.opened(**changed)
        with pytest.raises(TryLater):
            desk.profile(about(desk), with_organization=True)


def test_nobody_known_and_an_organization_that_is_gone_have_no_fields(records: Records) -> None:
    desk = records.opened(user=NOBODY)
    assert desk.profile(about(desk), with_organization=True) == Profile(records.desk.host)
    desk = records.opened(organization=NOBODY)
    assert desk.profile(about(desk), with_organization=True) == Profile(records.desk.host, {"plan": "gold"})


def test_a_seat_that_may_not_read_them_says_so(records: Records) -> None:
    desk = records.opened(user=Reply({"error": "Forbidden"}, 403))
    with pytest.raises(Refused):
        desk.profile(about(desk), with_organization=True)


@pytest.mark.parametrize("odd", [None, [], "gold", 5])
def test_fields_of_another_shape_are_none(records: Records, odd: object) -> None:
    around = {"id": 9001, "user_fields": odd, "custom_fields": odd}
    desk = records.opened(user=Reply({**around, "user": around}))
    assert desk.profile(about(desk), with_organization=False).user == {}


def test_a_requester_without_an_id_is_not_asked_for(records: Records) -> None:
    desk = records.opened()
    ticket = about(desk)
    nobody = replace(ticket, requester=replace(ticket.requester, id="9001/../1"))
    assert (desk.profile(nobody, with_organization=True), asked(desk)) == (Profile(records.desk.host), [])
