"""Odd values in every form and odd filters on every list of the admin: a plain word, and never a broken page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.forms import Field
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from klark.admin.access import access_for
from klark.admin.fields import Lines, Pairs
from klark.admin.lists import Lists
from klark.admin.nested_fields import REMOVE, NestedForm, Parts, Rows
from klark.models import EVERY_TENANT, Delivery, Policy, Topic, within
from klark.values.storable_text import can_be_kept
from tests.klark.admin.test_policy import save
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db

DEEP, DIGITS = '{"a":' + "[" * 5_000 + "]" * 5_000 + "}", '{"a": ' + "9" * 5_000 + "}"
ODD_TABLES = ('{"a": "\\ud800"}', '{"\\udc00": 1}', '{"a": "\\u0000"}', '{"a": NaN}', '{"a": [1e999]}', DEEP, DIGITS)
# A lone surrogate comes by an escape alone: Django reads none out of a form's bytes.
ODD = ("a\0b", *ODD_TABLES, "-1", "9" * 40, "1e400", "Infinity", "0000-01-01", "10000-01-01")


@pytest.fixture
def root() -> HttpRequest:
    """A superuser's request, as `TenantAccess` hands it on."""
    return asking({})


class Told(list[Any]):
    """Django's messages, kept."""

    def add(self, level: int, text: str, extra_tags: str = "") -> None:
        self.append(text)


def asking(query: dict[str, str]) -> Any:
    """A superuser's request for a list."""
    request: Any = RequestFactory().get("/admin/", query)
    users = get_user_model().objects
    request.user = users.filter(is_superuser=True).first() or users.create_superuser("root", "", "a long password")
    request.access, request._messages = access_for(request.user), Told()
    return request


# Forms


def inputs(request: HttpRequest) -> Iterator[tuple[str, Field]]:
    """Every input of every form of the admin, those for rows within a row, too."""
    changed = ((model, pages) for model, pages in admin.site._registry.items() if pages.has_change_permission(request))
    for model, pages in changed:
        for form in (pages.get_form(request), pages.get_form(request, model(), change=True)):
            fields = {**form.base_fields, **(form(instance=model()).fields if issubclass(form, NestedForm) else {})}
            yield from ((f"{model.__name__}.{name}", field) for name, field in fields.items())
        for inline in pages.get_inline_instances(request, model()):
            fields = inline.get_formset(request).form.base_fields
            yield from ((f"{inline.model.__name__}.{name}", field) for name, field in fields.items())


def typed_into(field: Field, typed: str) -> Any:
    """It in each of the field's inputs."""
    if isinstance(field, Parts):
        return {name: typed_into(part, typed) for name, part in field.parts.items()}
    if isinstance(field, Rows):
        return [{**typed_into(field.row, typed), REMOVE: False}]
    widths = getattr(field, "fields", None)
    return [typed] * len(widths) if widths else typed


def taken(field: Field, typed: str) -> Any:
    """What a field makes of what was typed; `None` where it refuses it."""
    try:
        return field.clean(typed_into(field, typed))
    except ValidationError:
        return None


def storable_or_row(value: Any) -> bool:
    return can_be_kept(value) if isinstance(value, str | list | dict) else True


# A password is hashed, and never kept as it was typed; the hash is only shown.
HASHED = {"User.password", "User.password1", "User.password2"}


def test_no_input_of_the_admin_takes_what_the_database_does_not(root: HttpRequest) -> None:
    with within(EVERY_TENANT):
        found = [(name, field) for name, field in inputs(root) if name not in HASHED]
        odd = [(name, typed[:20]) for name, field in found for typed in ODD if not storable_or_row(taken(field, typed))]
    assert (odd, len({name for name, _ in found}) > 60) == ([], True)


@pytest.mark.parametrize("typed", ["a = b\0c", "\0 = c", "a = b\n= c", "= c"])
def test_odd_pairs_are_refused_in_plain_words_and_shown_as_they_were_typed(typed: str) -> None:
    field = Pairs(label="facts")
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert "JSON" not in refused.value.messages[0]
    assert field.prepare_value(field.bound_data(typed, None)) == typed


@pytest.mark.parametrize(
    ("typed", "kept"), [("a = b = c\r\n d=e", {"a": "b = c", "d": "e"}), ("a = ", {"a": ""}), (" \n", {})]
)
def test_ordinary_pairs_are_taken_and_come_back(typed: str, kept: dict[str, str]) -> None:
    field = Pairs(label="facts")
    assert field.clean(typed) == kept == field.clean(field.prepare_value(kept))


def test_a_list_with_a_nul_is_refused_and_was_changed() -> None:
    field = Lines(label="words")
    with pytest.raises(ValidationError, match="cannot be kept"):
        field.clean("fr\na\0b")
    assert field.has_changed(["fr"], "fr\na\0b") is True


@pytest.mark.parametrize(
    ("name", "typed"),
    [("languages", "en\n\0"), ("excluded_senders", "a\0b"), ("crm_url", "a\0b"), ("brands_0_name", "a\0b")],
)
def test_a_lead_who_types_it_into_a_policy_hears_so_beside_it(
    ours: Company, lead: Client, name: str, typed: str
) -> None:
    page = save(lead, ours, **{name: typed})
    field = name.removesuffix("_0_name").removesuffix("_url")
    assert (page.status_code, list(page.context["adminform"].form.errors)) == (200, [field])
    with within(ours.tenant):
        assert Policy.of(ours.tenant).count() == 1


def test_a_topics_odd_words_and_a_lowest_priority_above_the_highest_are_refused(ours: Company, lead: Client) -> None:
    typed = {"key": "post", "name": "Post", "description": "", "words": "parcel\na\0b", "tenant": ours.tenant}
    page = lead.post(reverse("admin:klark_topic_add"), typed)
    assert (page.status_code, list(page.context["adminform"].form.errors)) == (200, ["words"])
    apart = {**typed, "words": "parcel", "priority": "urgent", "highest_priority": "normal"}
    page = lead.post(reverse("admin:klark_topic_add"), apart)
    assert (page.status_code, list(page.context["adminform"].form.errors)) == (200, ["highest_priority"])
    with within(ours.tenant):
        assert list(Topic.of(ours.tenant).values_list("key", flat=True)) == ["alder-topic"]


def test_a_reviewers_odd_character_is_left_out(ours: Company) -> None:
    address = reverse("admin:klark_draft_change", args=(ours.draft,))
    login("ann", (ours, "agent")).post(address, {"press": "approve", "text": "alder\0 reply, mended"})
    with within(ours.tenant):
        assert Delivery.objects.get(pk=ours.delivery).text == "alder reply, mended"


@pytest.mark.parametrize("typed", [{"press": "approve"}, {"press": "reject"}, {"press": "\0"}, {}])
def test_a_button_without_its_words_changes_nothing(ours: Company, typed: dict[str, str]) -> None:
    answer = login("ann", (ours, "agent")).post(reverse("admin:klark_draft_change", args=(ours.draft,)), typed)
    with within(ours.tenant):
        assert (answer.status_code, Delivery.objects.get(pk=ours.delivery).state) == (302, "waiting")


def test_a_tenant_that_is_none_has_no_gaps_to_write_about(ours: Company, lead: Client) -> None:
    answer = lead.post(reverse("admin:klark_article_propose"), {"tenant": "\0", "draft": "\0"})
    assert answer.status_code == 403


# Lists

LOOKUPS = {"exact": "\0", "year": "-1", "gt": "9" * 40}
OWN_FILTERS = ({"q": "\0"}, {"kind": "\0"}, {"reason": "\0"}, {"shown": "\0"}, {"versions": "\0"}, {"p": "9" * 40})


def outcome(pages: Any, query: dict[str, str]) -> str:
    """What a list does with a filter: its rows are shown, or the whole list with a word, or a plain 400."""
    request = asking(query)
    try:
        list(pages.get_changelist_instance(request).result_list)
    except IncorrectLookupParameters:
        return str(request._messages[-1])
    except SuspiciousOperation:
        return "400"
    return "shown"


PAGES = {model.__name__: pages for model, pages in admin.site._registry.items() if isinstance(pages, Lists)}


def odd_filters(model: Any) -> Iterator[dict[str, str]]:
    """Those that our pages offer, and one column of each kind compared in each way."""
    yield from OWN_FILTERS
    for field in {type(field): field for field in model._meta.concrete_fields}.values():
        yield from ({f"{field.name}__{lookup}": value} for lookup, value in LOOKUPS.items())


@pytest.mark.parametrize("name", PAGES)
def test_an_odd_filter_breaks_no_list(name: str) -> None:
    with within(EVERY_TENANT):
        outcomes = {outcome(PAGES[name], query) for query in odd_filters(PAGES[name].model)}
    assert outcomes <= {"shown", "400", "There is no such filter: the whole list is shown."}
    assert "There is no such filter: the whole list is shown." in outcomes


@pytest.mark.parametrize("query", ["kind__exact=%00", "decided_at__year=-1", "reason=%00"])
def test_whoever_types_an_odd_filter_gets_the_whole_list_and_a_word(ours: Company, lead: Client, query: str) -> None:
    page = lead.get(f"{reverse('admin:klark_decision_changelist')}?{query}", follow=True)
    assert [(row.ticket_id) for row in page.context["cl"].result_list] == ["41"]
    assert "There is no such filter: the whole list is shown." in page.content.decode()


# Actions


@pytest.mark.parametrize(("model", "action"), [("draft", "approve_clean"), ("webhookevent", "retry_chosen")])
def test_an_action_on_what_no_rows_id_looks_like_is_refused(ours: Company, model: str, action: str) -> None:
    browser = login("presser", (ours, "operator"))
    browser.raise_request_exception = False
    address = reverse(f"admin:klark_{model}_changelist")
    told = {
        chosen: browser.post(address, {"action": action, "_selected_action": [chosen]}).status_code
        for chosen in ("x", "9" * 40, "a\0b", "c5a02073-4f51-4531-8e10-38e9f97468c1", "-1")
    }
    assert told == {**dict.fromkeys(told, 400), "9" * 40: 302, "-1": 302}
