"""Users and tenants, for superusers: what is refused and why, and who may do what afterwards."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from klark.models import EVERY_TENANT, Membership, Tenant, within
from tests.klark.companies import Company, company, login, superuser

pytestmark = pytest.mark.django_db


def said(answer: Any) -> dict[str, list[str]]:
    """What a form complains about, by field; {} where it was taken."""
    return {} if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)


def told(answer: Any) -> str:
    """The first complaint, in one line."""
    return next((f"{name}: {words[0]}" for name, words in said(answer).items()), "")


def member(tenant: int, role: str, pk: object = "") -> dict[str, object]:
    return {
        "memberships-0-tenant": tenant,
        "memberships-0-role": role,
        "memberships-0-id": pk,
        "memberships-0-user": "",
    }


def user_form(forms: int = 0, initial: int = 0, **more: object) -> dict[str, object]:
    return {"username": "ann", "is_active": "on", "first_name": "", "last_name": "", "email": "",
        "memberships-TOTAL_FORMS": forms,
            "memberships-INITIAL_FORMS": initial, "memberships-MIN_NUM_FORMS": 0, "memberships-MAX_NUM_FORMS": 1000,
                **more}  # fmt: skip


def test_a_user_who_cannot_be_made_is_told_why(ours: Company) -> None:
    browser, address = superuser(), reverse("admin:auth_user_add")
    good = {
        **user_form(),
        "usable_password": "true",
        "password1": "a-long-pass-word-7",
        "password2": "a-long-pass-word-7",
    }
    typed = {"no name": {"username": ""}, "a name with a space": {"username": "ann lowe"},
        "a name that is taken": {"username": "root"},
             "two passwords": {"password2": "another-pass-word-7"}, "a short one": {"password1": "kite7", "password2": "kite7"},
             "a number": {"password1": "5029384756", "password2": "5029384756"},
             "one letter": {"password1": "k" * 12, "password2": "k" * 12},
             "four letters": {"password1": "kitekitekite", "password2": "kitekitekite"},
             "the name": {"username": "ann-of-lowestoft", "password1": "ann-of-lowestoft7", "password2": "ann-of-lowestoft7"},
             }  # fmt: skip
    got = {name: told(browser.post(address, {**good, **more})) for name, more in typed.items()}
    assert {name: words.partition(":")[0] for name, words in got.items()} == {
        "no name": "username", "a name with a space": "username", "a name that is taken": "username",
        "two passwords": "password2",
        "a short one": "password2", "a number": "password2", "one letter": "password2", "four letters": "password2",
        "the name": "password2"}  # fmt: skip
    assert got["four letters"] == "password2: A password takes at least 5 different characters."
    assert got["the name"] == "password2: The password is too similar to the username."
    assert get_user_model().objects.count() == 1


def test_a_users_role_is_given_changed_and_taken_away(ours: Company) -> None:
    browser, other = superuser(), company("birch")
    ann = get_user_model().objects.create_user("ann", is_staff=True)
    address = reverse("admin:auth_user_change", args=(ann.pk,))
    roles = []
    for forms in ((1, 0, member(ours.tenant, "agent")), (1, 1, member(ours.tenant, "operator")),
                  (1, 1, {**member(ours.tenant, "operator"), "memberships-0-DELETE": "on"})):  # fmt: skip
        there = Membership.objects.filter(user=ann).first()
        ids = {"memberships-0-id": there.pk if there else "", "memberships-0-user": ann.pk}
        assert browser.post(address, user_form(forms[0], forms[1], **{**forms[2], **ids})).status_code == 302
        roles.append(list(Membership.objects.filter(user=ann).values_list("tenant_id", "role")))
    assert roles == [[(ours.tenant, "agent")], [(ours.tenant, "operator")], []]
    twice = {**member(ours.tenant, "agent"), "memberships-1-tenant": ours.tenant, "memberships-1-role": "lead"}
    assert browser.post(address, user_form(2, 0, **twice)).status_code == 200
    both = {**member(ours.tenant, "agent"), "memberships-1-tenant": other.tenant, "memberships-1-role": "lead"}
    assert browser.post(address, user_form(2, 0, **both)).status_code == 302
    shown = browser.get(reverse("admin:auth_user_changelist")).content.decode()
    assert "Alder: agent, Birch: support lead" in shown


def test_a_user_who_is_shut_out_keeps_everything_but_the_way_in(ours: Company) -> None:
    browser, agent = superuser(), login("ann", (ours, "agent"))
    ann = get_user_model().objects.get(username="ann")
    assert agent.get(reverse("admin:klark_draft_changelist")).status_code == 200
    there = {**member(ours.tenant, "agent", Membership.objects.get(user=ann).pk), "memberships-0-user": ann.pk}
    closed = user_form(1, 1, **there)
    del closed["is_active"]
    assert browser.post(reverse("admin:auth_user_change", args=(ann.pk,)), closed).status_code == 302
    assert agent.get(reverse("admin:klark_draft_changelist")).status_code == 302
    assert Membership.objects.filter(user=ann).count() == 1
    address = reverse("admin:auth_user_changelist")
    lists = {query: [row.username for row in browser.get(address + query).context["cl"].result_list]
             for query in ("?is_active__exact=0", "?is_superuser__exact=1", "?memberships__role__exact=agent",
                 "?q=nobody")}  # fmt: skip
    assert lists == {"?is_active__exact=0": ["ann"], "?is_superuser__exact=1": ["root"],
        "?memberships__role__exact=agent": ["ann"],
                     "?q=nobody": []}  # fmt: skip


def test_a_tenant_is_made_and_renamed_and_its_short_name_is_its_own(ours: Company) -> None:
    browser, add = superuser(), reverse("admin:klark_tenant_add")
    typed = {
        "a second alder": ("Again", "alder"),
        "a space": ("Birch", "bir ch"),
        "no name": ("", "birch"),
        "good": ("Birch", "birch"),
    }
    got = {name: told(browser.post(add, {"name": title, "slug": slug})) for name, (title, slug) in typed.items()}
    assert {name: words.partition(":")[0] for name, words in got.items()} == {
        "a second alder": "slug", "a space": "slug", "no name": "name", "good": ""}  # fmt: skip
    browser.post(reverse("admin:klark_tenant_change", args=(ours.tenant,)), {"name": "Alder & Sons", "slug": "alder"})
    with within(EVERY_TENANT):
        assert sorted(Tenant.objects.values_list("slug", "name")) == [("alder", "Alder & Sons"), ("birch", "Birch")]
    assert browser.post(reverse("admin:klark_tenant_delete", args=(ours.tenant,)), {"post": "yes"}).status_code == 403


def test_a_member_reads_the_tenant_that_rows_link_to_and_changes_nothing(ours: Company, lead: Client) -> None:
    theirs = company("birch")
    address = reverse("admin:klark_tenant_change", args=(ours.tenant,))
    assert (lead.get(address).status_code, lead.post(address, {"name": "Mine", "slug": "mine"}).status_code) == (
        200,
        403,
    )
    assert lead.get(reverse("admin:klark_tenant_change", args=(theirs.tenant,))).status_code in {302, 403, 404}
    with within(EVERY_TENANT):
        assert Tenant.objects.get(pk=ours.tenant).name == "Alder"
