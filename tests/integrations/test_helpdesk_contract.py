"""What every helpdesk adapter must do, one set of tests for all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from integrations.errors import Gone, Invalid, LookAgain, Refused, TryLater, Unsure
from integrations.helpdesks import HELPDESKS
from integrations.helpdesks.base import Attachment, Person
from integrations.http.transports import Outbound, requests_transport

from .desks import DESKS, NOTE, PAYLOADS, REPLY, Reply, StubTransport, published, stub

SINCE = datetime(2026, 10, 5, 9, 9, 30, tzinfo=UTC)
VERIFIES = {"zendesk": True}  # Freshdesk says on no ticket whether an address was confirmed
HTML = b"<!doctype html><title>Maintenance</title>"


@pytest.fixture(params=DESKS, ids=lambda desk: desk.name)
def desk(request):
    return request.param


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("integrations.helpdesks.zendesk.client.sleep", lambda seconds: None)


def _failure(call):
    """The kind of error, exactly: TryLater and Unsure must never stand for each other."""
    with pytest.raises(Exception) as caught:
        call()
    return type(caught.value)


def test_both_desks_are_in_the_table():
    assert {desk.name: desk.kind for desk in DESKS} == HELPDESKS


def test_a_ticket_is_translated_into_the_same_words(desk):
    ticket = desk.open().fetch("4711")
    assert (ticket.id, ticket.subject, ticket.status, ticket.priority, ticket.channel) == (
        "4711",
        "Colis abîmé",
        "open",
        "high",
        "email",
    )
    assert ticket.requester == Person("9001", "Nadia Perrin", "nadia.perrin@example.com", "customer")
    assert (ticket.assignee_id, ticket.group_id, ticket.brand_id) == (None, "6001", "5002")
    assert ticket.tags == ("parcel", "damaged")
    assert [person.email for person in ticket.cc] == ["otto.lind@example.com"]
    assert ticket.created_at == datetime(2026, 10, 5, 8, 12, 40, tzinfo=UTC)
    assert ticket.updated_at == datetime(2026, 10, 5, 9, 3, 11, tzinfo=UTC)
    assert ticket.url.startswith(f"https://{desk.host}/")
    assert ticket.raw["subject"] == "Colis abîmé"


def test_comments_are_oldest_first_and_know_who_wrote_them(desk):
    ticket = desk.open().fetch("4711")
    first, note, own = ticket.comments[:3]
    assert (first.from_customer, first.public, first.author.role) == (True, True, "customer")
    assert first.body_text.strip() == "Bonjour, mon colis est arrivé ouvert."
    assert first.attachments == (Attachment("colis.jpg", "image/jpeg"),)
    assert (note.id, note.public, note.from_customer, note.author.role) == ("81003", False, False, "agent")
    assert (own.id, own.public, own.from_customer, own.author.id) == ("81005", True, False, "9009")


def test_the_turn_is_the_last_public_comment_of_any_customer_not_of_a_robot(desk):
    assert desk.open().fetch("4711").last_from_customer().id == "81009"


def test_the_ticket_is_asked_for_before_its_comments(desk):
    helpdesk = desk.open()
    helpdesk.fetch("4711")
    first, second = (request.url.split("?")[0].rpartition("/")[2] for request in stub(helpdesk).sent)
    assert (first.removesuffix(".json"), second.removesuffix(".json")) == (
        "4711",
        "comments" if desk.name == "zendesk" else "conversations",
    )


def test_a_reply_is_one_write_and_gives_the_new_comments_id(desk):
    helpdesk = desk.open()
    ticket = helpdesk.fetch("4711")
    assert helpdesk.write(ticket, REPLY) == "82001"
    assert [(method, path) for method, path, _ in stub(helpdesk).writes()] == [desk.write]


def test_a_note_says_that_it_is_private(desk):
    helpdesk = desk.open()
    helpdesk.write(helpdesk.fetch("4711"), NOTE)
    ((_, _, body),) = stub(helpdesk).writes()
    comment = body["ticket"]["comment"] if desk.name == "zendesk" else body
    assert {key: comment[key] for key in comment if key in {"public", "private"}} == (
        {"public": False} if desk.name == "zendesk" else {"private": True}
    )


def test_tags_are_added_to_those_that_are_there(desk):
    helpdesk = desk.open()
    ticket, write = helpdesk.fetch("4711"), replace(REPLY, tags=("klark",), status="pending", group_id="6002")
    helpdesk.write(ticket, write)
    helpdesk.settle(ticket, write)
    last = stub(helpdesk).writes()[-1][2]
    fields = last.get("ticket", last)
    assert (fields["tags"], fields["group_id"]) == (["damaged", "klark", "parcel"], 6002)
    assert fields["status"] in ("pending", 3)


def test_what_a_write_leaves_alone_is_not_sent(desk):
    helpdesk = desk.open()
    helpdesk.write(helpdesk.fetch("4711"), replace(REPLY, tags=("parcel",)))
    sent = {key for _, _, body in stub(helpdesk).writes() for key in body.get("ticket", body)}
    assert sent & {"tags", "group_id", "assignee_id", "responder_id", "status", "priority", "custom_fields"} == set()


def test_a_group_that_is_no_id_is_refused_before_anything_is_sent(desk):
    helpdesk = desk.open()
    ticket = helpdesk.fetch("4711")
    assert _failure(lambda: helpdesk.write(ticket, replace(REPLY, group_id="Level 2"))) is Refused
    assert stub(helpdesk).writes() == []


@pytest.mark.parametrize(
    ("reply", "on_read", "on_write"),
    [
        (Reply({"error": "x"}, 400), Refused, Refused),
        (Reply({"error": "Couldn't authenticate you"}, 401), Refused, Refused),
        (Reply({"error": "Forbidden"}, 403), Refused, Refused),
        (Reply({"error": "RecordNotFound"}, 404), Gone, Gone),
        (Reply(HTML, 404), TryLater, Unsure),
        (Reply({}, 408), TryLater, Unsure),
        (Reply({"error": "UpdateConflict"}, 409), TryLater, LookAgain),
        (Reply({}, 410), Gone, Gone),
        (Reply({"error": "invalid", "description": "too many"}, 422), Invalid, Invalid),
        (Reply({"error": "APIRateLimitExceeded"}, 429, {"Retry-After": "7"}), TryLater, TryLater),
        (Reply({}, 500), TryLater, Unsure),
        (Reply(HTML, 502), TryLater, Unsure),
        (Reply({}, 503, {"Retry-After": "5"}), TryLater, Unsure),
        (Reply(HTML, 504), TryLater, Unsure),
        (Reply(HTML, 301, {"Location": "https://elsewhere.example/"}), Refused, Unsure),
        (Reply(b"", 302, {"Location": "https://elsewhere.example/"}), Refused, Unsure),
        (Reply(HTML), TryLater, Unsure),
        (Reply(b""), TryLater, Unsure),
        (Reply(b'{"ticket": {"id"'), TryLater, Unsure),
        (Reply(b"[" * 100_000), TryLater, Unsure),
        (Reply([]), TryLater, Unsure),
        (Reply("fine"), TryLater, Unsure),
        (Reply({"error": "Oops", "description": "something went wrong"}), Refused, Refused),
        (requests.ReadTimeout("read timed out"), TryLater, Unsure),
        (requests.ConnectionError(ProtocolError("Connection aborted.")), TryLater, Unsure),
        (requests.exceptions.SSLError("bad record mac"), TryLater, Unsure),
        (requests.ConnectTimeout("connect timed out"), TryLater, TryLater),
        (
            requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused"))),
            TryLater,
            TryLater,
        ),
    ],
    ids=lambda value: str(getattr(value, "status", getattr(value, "__name__", type(value).__name__))),
)
def test_every_failure_says_what_to_do_next_and_is_not_repeated(desk, reply, on_read, on_write):
    helpdesk = desk.open()
    ticket = helpdesk.fetch("4711")
    readable = stub(helpdesk).table[desk.read]
    stub(helpdesk).table |= {desk.read: [reply], desk.write: [reply], desk.me: [reply]}
    stub(helpdesk).sent.clear()
    assert _failure(lambda: helpdesk.fetch("4711")) is on_read
    assert _failure(helpdesk.whoami) is on_read
    stub(helpdesk).table[desk.read] = readable  # Freshdesk's is looked at before a write
    assert _failure(lambda: helpdesk.write(ticket, replace(REPLY, tags=("klark",)))) is on_write
    sent = [(request.method, request.url.split(desk.host)[1].split("?")[0]) for request in stub(helpdesk).sent]
    times = 2 if desk.name == "zendesk" and on_write is Invalid else 1  # the second has the comment alone
    assert (sent[:2], sent[-1], sent.count(desk.write)) == ([desk.read, desk.me], desk.write, times)


@pytest.mark.parametrize(
    ("stated", "after"),
    [
        ("30", 30.0),
        ("1.5", 1.5),
        ("-4", 0.0),
        ("999999", 3600.0),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 3600.0),
        ("Fri, 01 Jan 2100 00:00:00", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
    ],
)
def test_retry_after_is_read_loosely_and_bounded(desk, stated, after):
    with pytest.raises(TryLater) as caught:
        desk.open({desk.me: Reply({}, 429, {"Retry-After": stated})}).whoami()
    assert caught.value.after == after


def test_a_refusal_gives_the_desks_own_reason(desk):
    closed = Reply((PAYLOADS / f"{desk.name}_closed.json").read_bytes(), 422)
    helpdesk = desk.open({desk.write: closed})
    with pytest.raises(Refused) as caught:
        helpdesk.write(helpdesk.fetch("4711"), REPLY)
    assert str(caught.value).partition("(422): ")[2] == (
        "Status: closed prevents ticket update"
        if desk.name == "zendesk"
        else "status It should be one of these values: '2,3,4,5'"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "Forbidden", "description": "You may not."}, "You may not."),
        ({"error": {"title": "Forbidden", "message": "You may not."}}, "Forbidden You may not."),
        ({"code": "access_denied", "message": "You may not."}, "You may not."),
        ({"error": "Forbidden"}, "Forbidden"),
        ({"details": {"a": [{"description": "You may not.", "error": "X"}]}, "description": "Invalid"}, "You may not."),
        ({"errors": ["You", "may not."]}, "You may not."),
        ({}, "no reason given"),
        ([], "no reason given"),
        ({"details": {"a": {"b": {"c": {"d": {"e": {"f": "deep"}}}}}}}, "no reason given"),
    ],
)
def test_a_reason_is_found_wherever_it_stands(desk, body, reason):
    with pytest.raises(Refused) as caught:
        desk.open({desk.me: Reply(body, 403)}).whoami()
    assert str(caught.value).partition("user: ")[2] == reason


def test_an_endless_reason_is_cut(desk):
    with pytest.raises(Refused) as caught:
        desk.open({desk.me: Reply({"error": {"title": "x" * 9000, "message": ["y\x00\x1b[31m" * 900]}}, 400)}).whoami()
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()


def test_a_signed_request_goes_only_to_the_account(desk):
    helpdesk = desk.open()
    helpdesk.whoami()
    (request,) = stub(helpdesk).sent
    assert request.url == f"https://{desk.host}{desk.me[1]}"
    assert request.headers["Authorization"] == desk.authorization
    assert _failure(lambda: helpdesk.session.get("https://elsewhere.example/api/v2/x")) is Refused
    assert _failure(lambda: helpdesk.session.get(f"https://{desk.host}.elsewhere.example/")) is Refused
    assert len(stub(helpdesk).sent) == 1


def test_a_stand_in_is_reached_at_its_address(desk):
    helpdesk = desk.open(
        {("GET", f"/{desk.name}{desk.me[1]}"): desk.table[desk.me]}, address="http://127.0.0.1:8800/" + desk.name
    )
    assert helpdesk.whoami() == Person("9009", "klark", "klark@example.test", "agent", VERIFIES.get(desk.name))
    assert stub(helpdesk).sent[0].url == f"http://127.0.0.1:8800/{desk.name}{desk.me[1]}"


def test_the_token_is_asked_for_each_time_and_the_environment_never(desk, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {desk.host} login thief password thief\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    helpdesk = desk.open()
    tokens = iter(["oauth:one", "oauth:two"])
    object.__setattr__(helpdesk.account, "token", lambda: next(tokens))
    helpdesk.whoami()
    helpdesk.whoami()
    first, second = (request.headers["Authorization"] for request in stub(helpdesk).sent)
    assert first != second
    assert "thief" not in first


def test_neither_proxies_nor_certificates_come_from_the_environment(desk, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "anybody.pem"))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    helpdesk = desk.open()
    helpdesk.whoami()
    _stream, _timeout, verify, _cert, proxies = stub(helpdesk).options[0][0]
    assert (verify, dict(proxies)) == (True, {})


def test_every_request_asks_for_a_permit_first(desk):
    asked = []

    def permit(weight):
        asked.append(weight)
        raise TryLater("the budget is spent", 7)

    helpdesk = desk.open(permit=permit)
    assert _failure(lambda: helpdesk.fetch("4711")) is TryLater
    assert _failure(helpdesk.whoami) is TryLater
    assert asked == [{"zendesk": 2, "freshdesk": 3}[desk.name], 1]  # what the whole reading of a ticket costs
    assert stub(helpdesk).sent == []


class OnlyWritesLeave(StubTransport):
    """Reads are answered here; writes meet klark's real guard at the edge of the network."""

    def send(self, request, *args, **options):
        if request.method == "GET":
            return super().send(request, *args, **options)
        return requests_transport(Outbound(read_only=True)).send(request, *args, **options)


def test_in_shadow_mode_no_write_leaves(desk):
    ticket = desk.open().fetch("4711")
    helpdesk = desk.over(OnlyWritesLeave(desk.table))
    with pytest.raises(Refused, match="shadow"):
        helpdesk.write(ticket, REPLY)


@pytest.mark.parametrize(
    "name", ["https://acme", "acme.example/x", "acme:80", "127.0.0.1", "", "a b", "-acme", "acme\n", "acme@x"]
)
def test_an_account_is_a_name_never_an_address(desk, name):
    assert _failure(lambda: replace(desk, account=name).open()) is Refused


@pytest.mark.parametrize("ticket_id", ["", "-1", "4711/../1", "4711?x=1", "１２", "9" * 21, "abc"])
def test_a_ticket_id_of_anything_but_digits_asks_nothing(desk, ticket_id):
    helpdesk = desk.open()
    assert _failure(lambda: helpdesk.fetch(ticket_id)) is Gone
    assert stub(helpdesk).sent == []


def test_a_write_is_found_again_by_what_it_left(desk):
    helpdesk = desk.open()
    ticket = helpdesk.fetch("4711")
    text = "We are looking into it."
    past = replace(REPLY, marker="delivery-17", html=f"<p>{text}</p>", text=text)
    begun = datetime(2026, 10, 5, 9, 1, 50, tzinfo=UTC)
    assert helpdesk.find(ticket, past, begun) == "81005"
    assert helpdesk.find(ticket, REPLY, begun) is None


def test_whoami_proves_the_credentials(desk):
    assert desk.open().whoami() == Person("9009", "klark", "klark@example.test", "agent", VERIFIES.get(desk.name))


def test_changes_are_events_without_a_key(desk):
    event = desk.open().changes("2026-10-05T09:00:00Z").events[0]
    assert (event.ticket_id, event.key, event.kind) == ("4711", "", "catch-up")
    assert event.updated_at == datetime(2026, 10, 5, 9, 3, 11, tzinfo=UTC)


def test_only_what_everyone_may_read_is_an_article(desk):
    articles = published(desk.open())
    assert [(article.title, article.body_html) for article in articles] == [
        ("Returns", "<p>Send it back within 30 days.</p>")
    ]
    assert articles[0].language.startswith("en")
    assert articles[0].updated_at == datetime(2026, 9, 1, 10, tzinfo=UTC)
    assert articles[0].created_at == datetime(2026, 8, 1, 10, tzinfo=UTC)


def test_a_write_that_got_no_answer_is_looked_for_within_its_window(desk):
    helpdesk = desk.open({desk.write: requests.ReadTimeout("dropped")})
    ticket = helpdesk.fetch("4711")
    assert _failure(lambda: helpdesk.write(ticket, REPLY)) is Unsure
    assert len(stub(helpdesk).writes()) == 1
    assert helpdesk.find(ticket, REPLY, SINCE - timedelta(days=1)) is None


@pytest.mark.parametrize(("name", "on"), [("parcel", True), ("klark", False)])
def test_a_tag_that_is_as_wanted_costs_no_request(desk, name, on):
    helpdesk = desk.open()
    helpdesk.tag(helpdesk.fetch("4711"), name, on)
    assert stub(helpdesk).writes() == []


@pytest.mark.parametrize("on", [True, False])
def test_a_closed_ticket_keeps_its_tags(desk, on):
    helpdesk = desk.open()
    ticket = replace(helpdesk.fetch("4711"), status="closed", tags=() if on else ("klark",))
    helpdesk.tag(ticket, "klark", on)
    assert stub(helpdesk).writes() == []
