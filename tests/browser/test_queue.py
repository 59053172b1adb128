"""The queue by keyboard, as an agent who works there all day meets it, in a headless Chromium."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from pytest_django.live_server_helper import LiveServer

from klark.models import Connection, Decision, Delivery, Draft, Membership, Outcome, Topic, WebhookEvent, within
from tests.browser.test_admin import (  # noqa: F401
    PASSWORD,
    edit,
    log_in,
    opened,
    ours,
    page,
    pytestmark,
    sideways,
    state,
)
from tests.klark import rows
from tests.klark.companies import Company, company, drafted

SETTLES_MS = 450  # until a page takes keys
REPORTS_MS = 6_000  # until an open draft's page asks how it stands


@pytest.fixture
def twelve(ours: Company) -> Company:  # noqa: F811
    """Twelve drafts that wait, the company's own first."""
    with within(ours.tenant):
        connection = Connection.objects.get(pk=ours.connection)
        for number in range(1, 12):
            draft = drafted(ours.tenant, connection, f"ash{number}", ticket_id=str(100 + number))
            wrote = {"customer_wrote_at": f"2026-11-25 08:{number:02}:00+00:00"}
            Draft.objects.filter(pk=draft.pk).update(**wrote)
            draft.deliveries.update(**wrote)
    return ours


@pytest.fixture
def colleague(window: Callable[..., object], live_server: LiveServer, ours: Company) -> object:  # noqa: F811
    """Noor, an agent of the same company, in a browser of her own, at the draft."""
    user = get_user_model().objects.create_user("noor", "noor@alder.example", PASSWORD, is_staff=True)
    Membership.objects.create(user=user, tenant_id=ours.tenant, role="agent")
    at = window(clock=True)
    log_in(at, live_server, "noor", f"/admin/klark/draft/{ours.draft}/change/")
    at.wait_for_selector("#k-read")
    return at


@pytest.fixture
def stopped_clock(page: object) -> object:  # noqa: F811
    """The clock of the browser at the draft, which may be put forward."""
    opened(page)
    return page.clock


class Typist:
    """Presses keys, as a person does who looks first, and counts them."""

    def __init__(self, page: object) -> None:  # noqa: F811
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def leads(self, *keys: str) -> None:
        """Presses keys of which the last opens another page; waits until that takes keys."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(*keys)
        self.page.wait_for_timeout(SETTLES_MS)


def ticket(page: object) -> str:  # noqa: F811
    return page.locator(".k-facts span").first.inner_text()


def sent(company: Company) -> list[str]:
    """The tickets whose drafts were approved, in turn."""
    with within(company.tenant):
        return [f"#{row.draft.ticket_id}" for row in Outcome.objects.select_related("draft").order_by("pk")]


english = pytest.mark.parametrize("page", ["en"], indirect=True)


@english
def test_ten_approvals_take_under_forty_keys_each_is_seen_before_made_once_and_the_last_is_taken_back(
    page: object,  # noqa: F811
    twelve: Company,
) -> None:
    page.goto(f"{page.home}/admin/")  # where a login leads
    page.wait_for_timeout(SETTLES_MS)
    typist, seen = Typist(page), []
    typist.leads("q")
    typist.leads("j", "Enter")
    for _ in range(10):
        assert page.locator("#k-read").is_visible() and page.locator("button[value=approve]").is_visible()
        seen.append(ticket(page))
        typist.leads("a")
    assert (sent(twelve), len({*seen})) == (seen, 10)
    assert typist.count < 40, typist.count
    typist.leads("u")  # on the next page, the last one is taken back
    assert (ticket(page), sent(twelve)) == (seen[-1], seen[:-1])
    with within(twelve.tenant):
        assert Delivery.objects.get(ticket_id=seen[-1][1:], kind="reply").state == "waiting"
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("a")
    page.keyboard.press("a")  # twice approves once
    page.wait_for_timeout(SETTLES_MS)
    assert sent(twelve) == seen


@english
def test_in_the_list_a_row_is_chosen_and_opened_and_then_the_next_and_the_previous_draft_and_the_search(
    page: object,  # noqa: F811
    twelve: Company,
) -> None:
    page.goto(page.queue)
    page.wait_for_timeout(SETTLES_MS)
    typist, turn = Typist(page), []
    typist.press("j", "j", "j", "k", "a")  # nothing is approved unseen
    assert "#101" in page.evaluate("document.activeElement.closest('tr').innerText")
    for key in ("Enter", "j", "j", "k"):
        typist.leads(key)
        turn.append(ticket(page))
    assert (turn, sent(twelve)) == (["#101", "#102", "#103", "#102"], [])
    typist.leads("/")
    page.keyboard.type("ash7")
    typist.leads("Enter")
    assert page.locator("#result_list tbody tr").count() == 1


@english
def test_a_phone_shows_four_drafts_whole_below_the_header(page: object, twelve: Company) -> None:  # noqa: F811
    for width in (360, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(page.queue)
        boxes = [row.bounding_box() for row in page.locator("#result_list tr.data-row").all()]
        whole = [box for box in boxes if box["y"] + box["height"] <= 844]
        assert (len(whole) >= 4, page.locator("#changelist-filter").is_visible(), sideways(page)) == (True, False, 0)


def test_whoever_has_several_companies_scrolls_nothing_sideways(page: object, twelve: Company) -> None:  # noqa: F811
    theirs = company("birchwood")
    agent = get_user_model().objects.get(username="camille")
    Membership.objects.create(user=agent, tenant_id=theirs.tenant, role="agent")
    with within(twelve.tenant):
        Draft.objects.update(subject="Where is my parcel? " * 5, requester="Jean-Baptiste de la Rochefoucauld")
        Topic.objects.update(name="Produits et disponibilité")
    for place in (page.queue, f"{page.home}/admin/klark/decision/?kind=all"):
        page.goto(place)
        assert page.locator(".field-tenant").first.is_visible()
        wide = "document.querySelector('#result_list').closest('.simplebar-content-wrapper')"
        assert (place, page.evaluate(f"{wide}.scrollWidth - {wide}.clientWidth")) == (place, 0)
        assert page.locator(".field-about").first.bounding_box()["width"] > 200


def test_a_phone_shows_five_decisions_whole(page: object, ours: Company) -> None:  # noqa: F811
    with within(ours.tenant):
        made = Decision.objects.get(pk=ours.decision)
        for number in range(5):
            made.event = WebhookEvent.objects.create(
                tenant_id=ours.tenant, connection_id=ours.connection, key=str(number), raw=b"{}"
            )
            made.pk = None
            made.save()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{page.home}/admin/klark/decision/?kind=all")
    boxes = [row.bounding_box() for row in page.locator("#result_list tr.data-row").all()]
    assert (len([box for box in boxes if box["y"] + box["height"] <= 844]) >= 5, sideways(page)) == (True, 0)


@english
def test_the_list_shows_by_itself_what_changed_but_for_whoever_chooses(
    page: object,  # noqa: F811
    twelve: Company,
    stopped_clock: object,
) -> None:
    page.goto(page.queue)
    page.locator("#result_list a", has_text="#101").focus()
    with within(twelve.tenant):
        Delivery.objects.filter(ticket_id__in=("41", "102")).update(state="sent")
        drafted(twelve.tenant, Connection.objects.get(pk=twelve.connection), "fir", ticket_id="500")
    with page.expect_request(lambda request: request.headers.get("x-klark-unattended")):  # no login is kept alive by it
        stopped_clock.fast_forward(10_000)
    page.wait_for_selector("#result_list tr:has-text('#500')")
    assert page.locator("#result_list tbody tr").count() == 11
    page.wait_for_function("document.activeElement.closest('tr')?.innerText.includes('#101')")
    told = [page.locator(part).inner_text() for part in ("#k-news", "#nav-sidebar-apps a.active > :last-child")]
    assert told == ["The list has changed: 11 drafts.", "11"]
    page.locator("#result_list input").nth(3).check()
    rows.change(Delivery, state="sent")
    stopped_clock.fast_forward(10_000)
    page.wait_for_timeout(300)
    assert page.locator("#result_list tbody tr").count() == 11


def test_no_key_acts_while_one_types_and_escape_leaves_the_box(page: object, ours: Company) -> None:  # noqa: F811
    opened(page)
    page.wait_for_timeout(SETTLES_MS)
    page.keyboard.press("e")
    page.keyboard.type(" argh jk?/u")
    assert (page.input_value("#k-body"), state(ours)[0]) == ("alder reply argh jk?/u", "waiting")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_selector(".k-order")
    assert state(ours) == ("due", "alder reply argh jk?/u")


@english
def test_what_the_checks_object_to_is_overruled_by_keyboard(page: object, ours: Company) -> None:  # noqa: F811
    opened(page)
    page.wait_for_timeout(SETTLES_MS)
    page.keyboard.press("e")
    page.fill("#k-body", "Send us your password.")
    typist = Typist(page)
    typist.leads("Control+Enter")
    assert "Asks the customer for a secret" in page.locator(".k-objected").inner_text()
    assert (page.input_value("#k-body"), state(ours)[0]) == ("Send us your password.", "waiting")
    typist.leads("a")  # without a reason nothing changes
    assert (page.locator(".k-objected").count(), state(ours)[0]) == (1, "waiting")
    page.fill("#k-overrule", "A test of ours")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".k-order")
    assert state(ours) == ("due", "Send us your password.")


@english
def test_a_key_opens_the_box_for_the_reason_and_control_enter_sends_it(page: object, twelve: Company) -> None:  # noqa: F811
    opened(page)
    page.wait_for_timeout(SETTLES_MS)
    for key, button in (("r", "reject"), ("h", "hand_over"), ("g", "regenerate")):  # each leads to the next draft
        page.keyboard.press(key)
        page.wait_for_selector(f"button[value={button}]")
        page.wait_for_function("document.activeElement.closest('.k-others form')")
        if button != "regenerate":  # without a model it takes no wish
            page.keyboard.type("A VIP")
        Typist(page).leads("Control+Enter")
    with within(twelve.tenant):
        outcomes = [f"#{row.draft.ticket_id} {row.kind}" for row in Outcome.objects.order_by("pk")]
    assert outcomes == ["#41 rejected", "#101 escalated", "#102 regenerated"]


def test_the_keys_are_told_and_may_be_turned_off(page: object, ours: Company) -> None:  # noqa: F811
    opened(page)
    page.wait_for_timeout(SETTLES_MS)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Touches").is_visible()
    page.keyboard.press("a")
    page.check("#k-keys-off")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_timeout(100)
    assert (page.locator("dialog[open]").count(), state(ours)[0]) == (0, "waiting")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".k-order")
    assert state(ours)[0] == "due"


@english
def test_after_its_time_the_page_says_that_it_is_too_late(page: object, stopped_clock: object) -> None:  # noqa: F811
    with page.expect_navigation(wait_until="load"):
        page.click("button[value=approve]")
    assert page.locator(".k-undo button").is_visible()
    stopped_clock.fast_forward(11_000)
    page.wait_for_function("document.querySelector('.k-undo').innerText.includes('too late')")
    assert page.locator(".k-undo button").count() == 0

    def looks(request: object) -> bool:
        return "/draft/undo/?delivery=" in request.url and "csrf" not in request.url

    with page.expect_request_finished(looks):
        stopped_clock.fast_forward(2_000)
    with page.expect_request_finished(looks):
        stopped_clock.fast_forward(4_000)
    assert "too late" in page.locator(".k-undo").inner_text()
    rows.change(Delivery, {"kind": "reply"}, state="sent")
    stopped_clock.fast_forward(8_000)
    page.wait_for_function("document.querySelector('.k-undo').innerText.trim() === '#41 alder subject · sent'")


@english
def test_two_at_one_draft_see_each_other_and_the_slower_one_keeps_the_text(
    page: object,  # noqa: F811
    colleague: object,
    ours: Company,  # noqa: F811
) -> None:
    opened(page)
    page.wait_for_function("document.querySelector('#k-presence').innerText.includes('noor has been reading')")
    edit(colleague, "Noor's own words.")
    page.click("button[value=approve]")
    page.wait_for_selector(".k-order")
    colleague.clock.fast_forward(REPORTS_MS)
    colleague.wait_for_function("document.querySelector('#k-presence').innerText.includes('camille approved it')")
    told = (colleague.input_value("#k-body"), colleague.locator("button[value=approve]").is_disabled())
    assert told == ("Noor's own words.", True)


@english
def test_who_presses_before_the_page_knows_finds_the_text_again(
    page: object,  # noqa: F811
    colleague: object,
    ours: Company,  # noqa: F811
) -> None:
    opened(page)
    edit(colleague, "Noor's own words.")
    page.click("button[value=approve]")
    page.wait_for_selector(".k-order")
    colleague.click("button[value=approve]")
    colleague.wait_for_selector("#k-kept-text")
    assert colleague.input_value("#k-kept-text") == "Noor's own words."
    assert "camille approved it" in colleague.locator("#main").inner_text()
    colleague.click("button[value=add]")
    colleague.wait_for_selector(".k-undo")
    with within(ours.tenant):
        assert Delivery.objects.filter(adds=True).values_list("text", "state").get() == ("Noor's own words.", "due")
    assert state(ours) == ("due", "alder reply")


@english
def test_a_draft_that_a_person_overtook_says_so_on_the_open_page(
    page: object,  # noqa: F811
    stopped_clock: object,
    ours: Company,  # noqa: F811
) -> None:
    with within(ours.tenant):
        Outcome.objects.create(tenant_id=ours.tenant, draft_id=ours.draft, kind="overtaken")
        Delivery.objects.filter(pk=ours.delivery).update(state="retired")
    stopped_clock.fast_forward(REPORTS_MS)
    page.wait_for_function("document.querySelector('#k-presence').innerText.includes('answered, taken or closed')")
    assert page.locator("button[value=approve]").is_disabled()


@english
def test_who_is_logged_out_keeps_the_text_and_sends_it_after_another_login(
    page: object,  # noqa: F811
    stopped_clock: object,
    ours: Company,  # noqa: F811
) -> None:
    edit(page, "Typed for an hour.")
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    stopped_clock.fast_forward(REPORTS_MS)
    page.wait_for_function("document.querySelector('#k-presence').innerText.includes('logged out')")
    assert (page.locator("button[value=approve]").is_disabled(), page.input_value("#k-body")) == (
        True, "Typed for an hour.")  # fmt: skip
    page.context.add_cookies(session)
    stopped_clock.fast_forward(REPORTS_MS)
    page.wait_for_function("!document.querySelector('button[value=approve]').disabled")
    page.click("button[value=approve]")
    page.wait_for_selector(".k-order")
    assert state(ours) == ("due", "Typed for an hour.")


@english
def test_a_text_that_was_sent_after_the_login_was_over_is_offered_again_until_it_is_heard(
    page: object, ours: Company  # noqa: F811
) -> None:  # fmt: skip
    opened(page)
    edit(page, "alder reply, typed for an hour.")
    pressed_logged_out(page, "button[value=approve]")
    assert (state(ours)[0], page.input_value("#k-body")) == ("waiting", "alder reply, typed for an hour.")
    page.click("button[value=approve]")
    page.wait_for_selector(".k-order")
    assert (state(ours), page.evaluate("sessionStorage.length")) == (("due", "alder reply, typed for an hour."), 0)


def pressed_logged_out(page: object, button: str) -> None:  # noqa: F811
    """Presses a button when the login is over, and logs in again."""
    page.context.clear_cookies(name="sessionid")
    page.click(button)
    page.fill("[name=username]", "camille")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#k-unsent:not([hidden])")


@english
def test_a_reason_typed_before_the_login_ended_is_offered_again_and_so_is_why_the_checks_are_overruled(
    page: object,  # noqa: F811
    ours: Company,  # noqa: F811
) -> None:
    opened(page)
    page.click("details:has([value=hand_over]) summary")
    page.fill("#k-hand_over", "A VIP")
    pressed_logged_out(page, "button[value=hand_over]")
    page.wait_for_selector("#k-hand_over:visible")
    assert (page.input_value("#k-hand_over"), page.input_value("#k-body")) == ("A VIP", "alder reply")
    page.fill("#k-hand_over", "")
    edit(page, "Send us your password.")
    page.click("button[value=approve]")
    page.fill("#k-overrule", "Agreed by phone")
    pressed_logged_out(page, "button:has-text('Send it all the same')")
    assert page.input_value("#k-body") == "Send us your password."
    page.click("button[value=approve]")
    page.wait_for_selector(".k-objected")
    assert page.input_value("#k-overrule") == "Agreed by phone"
    page.click("button:has-text('Send it all the same')")
    page.wait_for_selector(".k-order")
    assert (state(ours), page.evaluate("sessionStorage.length")) == (("due", "Send us your password."), 0)


@english
def test_an_addition_typed_before_the_login_ended_is_offered_again_and_a_text_that_a_colleague_was_faster_than(
    page: object,  # noqa: F811
    colleague: object,
    ours: Company,  # noqa: F811
) -> None:
    opened(page)
    page.click("details:has([value=hand_over]) summary")
    page.fill("#k-hand_over", "Not for the customer")
    edit(page, "alder reply. And more.")
    colleague.click("button[value=approve]")
    colleague.wait_for_selector(".k-order")
    for button in ("button[value=approve]", "button[value=add]"):
        pressed_logged_out(page, button)
        assert page.input_value("#k-kept-text") == "alder reply. And more."
    page.click("button[value=add]")
    page.wait_for_selector("details:has-text('alder reply. And more.')")
    assert page.input_value("#k-kept-text") == "And more."
    page.click("button[value=add]")
    page.wait_for_selector(".k-undo")
    with within(ours.tenant):
        assert Delivery.objects.get(adds=True).text == "And more."
    assert page.evaluate("sessionStorage.length") == 0
