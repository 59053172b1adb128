"""Who presses second may send the text as an addition: after the first reply, once, and never over anybody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from integrations.sandbox.client import Sandbox
from klark import adding, review, tasks
from klark.models import AuditEntry, Delivery, Draft, Outcome, within
from klark.review import Reviewed, TooLate, Unfit
from tests.klark import rows
from tests.klark.companies import Company, login
from tests.klark.rows import DESKS, Case

pytestmark = pytest.mark.django_db
MORE = "Have a nice day, and write to us again."


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def approved(sandbox: Sandbox, desk: object = "zendesk", **rules: object) -> tuple[Case, Reviewed, Reviewed]:
    """A draft that lea has approved, and lea and noor, who pressed second."""
    case = rows.case(sandbox, desk, mode="queue", public_sections=True, **rules)  # type: ignore[arg-type]  # a desk's name
    rows.event(case.row, case.ticket)
    tasks.work()
    first = rows.get(Delivery, kind="reply")
    lea, noor = (Reviewed(first.pk, case.row.tenant_id, name) for name in ("lea", "noor"))
    review.approve(lea, in_s=review.UNDO_S)
    return case, lea, noor


def work() -> None:
    rows.make_due(Delivery)
    tasks.work()


def addition() -> Delivery:
    found: Delivery = rows.get(Delivery, adds=True)
    return found


@pytest.mark.parametrize("desk", DESKS)
def test_an_addition_is_on_the_ticket_after_the_first_reply_and_once(sandbox: Sandbox, desk: str) -> None:
    case, _lea, noor = approved(sandbox, desk, updates={"reply": {"status": "solved"}})
    adding.add(noor, MORE)
    with pytest.raises(TooLate, match="gets this text already"):
        adding.add(noor, f" {MORE}\n")
    with pytest.raises(Unfit, match="object"):
        adding.add(noor, "Send us your password.")
    with pytest.raises(Unfit, match="empty"):
        adding.add(noor, " ")
    rows.change(Delivery, {"adds": True}, due_at=datetime.now(UTC) - timedelta(seconds=1))
    tasks.work()  # the first still waits for its ten seconds
    assert (case.by_klark, addition().state) == ([], "due")
    work()
    work()
    assert [MORE in said["text"] for said in case.by_klark] == [False, True]
    assert [said["public"] for said in case.by_klark] == [True, True]
    with pytest.raises(TooLate, match="gets this text already"):
        adding.add(noor, MORE)
    with within(case.row.tenant_id):
        assert list(Outcome.objects.order_by("pk").values_list("kind", "by", "text"))[1:] == [("added", "noor", MORE)]
        assert AuditEntry.of(case.row.tenant_id).filter(who="noor").values_list("act", flat=True).get() == "added"


def test_an_addition_is_never_written_over_who_has_answered_since(sandbox: Sandbox) -> None:
    case, _lea, noor = approved(sandbox)
    work()
    adding.add(noor, MORE)
    sandbox.comment(case.desk, case.ticket, "<p>It is done.</p>", by="agent", webhook=False)
    work()
    assert (len(case.by_klark), addition().state, addition().trouble) == (1, "retired", "a person was faster")
    assert rows.count(Outcome) == 2  # the approval and the addition: that nothing came of it says nothing of the draft


def test_an_addition_waits_while_the_first_reply_is_taken_back_and_goes_with_it(sandbox: Sandbox) -> None:
    case, lea, noor = approved(sandbox)
    adding.add(noor, MORE)
    review.take_back(lea)
    work()
    assert (case.by_klark, addition().state) == ([], "due")
    with pytest.raises(TooLate, match="not being sent any more"):
        adding.add(noor, "Something else.")
    review.reject(lea, "wrong", silently=True)
    work()
    assert (case.by_klark, addition().state) == ([], "retired")


def test_who_pressed_second_sends_the_kept_text_from_the_page_and_may_take_it_back(ours: Company) -> None:
    camille, noor = login("camille", (ours, "agent")), login("noor", (ours, "agent"))
    address = reverse("admin:klark_draft_change", args=(ours.draft,))
    camille.post(address, {"press": "approve", "text": "alder reply"})
    assert b'value="add"' in noor.post(address, {"press": "approve", "text": MORE}).content

    refused = noor.post(address, {"press": "add", "text": "Send us your password."})
    assert [remark.id for remark, _sentence in refused.context["objected"]] == ["klark.G045"]
    assert b"Send us your password.</textarea>" in refused.content and rows.count(Delivery, adds=True) == 0

    answer = noor.post(address, {"press": "add", "text": MORE})
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told[-1] == "Your text goes to the customer as an addition, after the first reply."
    assert addition().text == MORE

    page = {browser: browser.get(address).context["undo"].deliveries for browser in (camille, noor)}
    assert page == {camille: (ours.delivery,), noor: (addition().pk,)}
    undo = reverse("admin:klark_draft_undo")
    camille.post(undo, {"delivery": [addition().pk]})
    assert addition().state == "due"
    noor.post(undo, {"delivery": [addition().pk]})
    assert (addition().state, rows.count(Outcome, kind="added")) == ("retired", 0)
    assert rows.get(Delivery, pk=ours.delivery).state == "due"
    assert MORE in noor.get(address).content.decode()


LETTER = "Hello Jane,\n\n{}\n\nThe team\nalder.example"
DRAFTED = [{"text": each, "state": "SUPPORTED", "sources": []} for each in ("Alder replies.", "Alder is closed.")]


def test_of_two_who_edit_the_page_shows_what_the_first_sent_and_the_box_what_the_second_says_beyond(
    ours: Company,
) -> None:
    whole = {"reply_text": LETTER.format("Alder replies. Alder is closed."), "sentences": DRAFTED}
    rows.change(Draft, {"pk": ours.draft}, **whole)
    with within(ours.tenant):
        Delivery.objects.filter(pk=ours.parked).delete()
    camille, noor = login("camille", (ours, "agent")), login("noor", (ours, "agent"))
    address = reverse("admin:klark_draft_change", args=(ours.draft,))
    camille.post(address, {"press": "approve", "text": LETTER.format("Alder replies. We are glad to help.")})
    page = camille.get(address).context["page"]
    assert ([(each.text, each.state) for each in page.claims], page.turn) == ([
        ("Alder replies.", "supported"), ("Alder is closed.", "left out by camille"),
        ("We are glad to help.", "written by camille")], "reply on its way")  # fmt: skip

    mine = LETTER.format(f"Alder replies. {MORE}")
    box = noor.post(address, {"press": "approve", "text": mine}).context
    assert (box["addition"], box["whole"]) == (LETTER.format(MORE).removeprefix("Hello Jane,\n\n"), mine)
    again = noor.post(address, {"press": "add", "text": "Send us your password.", "whole": mine}).context
    assert (again["addition"], again["whole"]) == ("Send us your password.", mine)
    unseen = noor.post(address, {"press": "add", "text": mine, "whole": ""}).context  # typed before a login ended
    assert (unseen["addition"], unseen["whole"], rows.count(Delivery, adds=True)) == (box["addition"], mine, 0)


@pytest.mark.parametrize("press", ["reject", "hand_over"])
def test_nothing_is_added_to_what_was_not_approved(ours: Company, press: str) -> None:
    camille, noor = login("camille", (ours, "agent")), login("noor", (ours, "agent"))
    address = reverse("admin:klark_draft_change", args=(ours.draft,))
    camille.post(address, {"press": press, "why": "No."})
    assert b'value="add"' not in noor.post(address, {"press": "approve", "text": MORE}).content
    noor.post(address, {"press": "add", "text": MORE})
    assert rows.count(Delivery, adds=True) == 0


def test_before_approving_one_is_told_who_is_in_copy(ours: Company) -> None:
    with within(ours.tenant):
        draft = rows.get(Delivery, pk=ours.delivery).draft
        draft.record["ticket"]["cc"] = [
            {"id": "9", "name": "Tom", "email": ""},
            {"id": "8", "name": "", "email": "u@b.example"},
        ]
        draft.save(update_fields=["record"])
    browser, address = login("camille", (ours, "agent")), reverse("admin:klark_draft_change", args=(ours.draft,))
    assert "Goes to alder customer, and to 2 in copy: Tom, u@b.example." in browser.get(address).content.decode()
