"""The admin as a French reader meets it: nothing of klark's own stays in English."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from klark.models import Decision, Delivery, within
from tests.klark.companies import Company, company, login, superuser

pytestmark = pytest.mark.django_db

FRENCH = {"accept-language": "fr"}


def page(browser: Client, address: str, *given: object, language: str = "fr") -> str:
    """What stands on a page, its narrow and wide spaces as plain ones."""
    shown = browser.get(reverse(f"admin:{address}", args=given), headers={"accept-language": language}).content.decode()
    return re.sub(r"\s+", " ", shown.replace("&#x27;", "'").replace("&#39;", "'"))


def title(browser: Client, address: str, *given: object, language: str = "fr") -> str:
    """The title of a page."""
    context = browser.get(reverse(f"admin:{address}", args=given), headers={"accept-language": language}).context
    return str(context["title"])


@pytest.mark.parametrize(("language", "titles"), [
    ("fr", ["Connexions", "Article", "Ajout\u202f: article", "Connexion", "Politique"]),
    ("en", ["Connections", "Article", "Add: article", "Connection", "Policy"]),
])  # fmt: skip
def test_a_title_names_what_it_shows_without_an_article(
    ours: Company, operator: Client, language: str, titles: list[str]
) -> None:
    places = (("klark_connection_changelist",), ("klark_article_change", ours.article), ("klark_article_add",),
              ("klark_connection_change", ours.connection), ("klark_policy_change", ours.policy))  # fmt: skip
    assert [title(operator, *place, language=language) for place in places] == titles


def test_the_titles_of_users_and_tenants_do_so_too() -> None:
    browser = superuser()
    places = ("auth_user_changelist", "auth_user_add", "klark_tenant_add")
    assert [title(browser, place) for place in places] == ["Utilisateurs", "Ajout\u202f: utilisateur",
                                                           "Ajout\u202f: organisation"]  # fmt: skip


def test_a_column_bears_the_name_of_what_it_leads_to(ours: Company) -> None:
    both = login("both", (ours, "operator"), (company("birch"), "operator"))
    decisions, event = page(both, "klark_decision_changelist"), page(both, "klark_webhookevent_change", ours.event)
    assert ["Organisation" in decisions, "Connexion" in decisions, "Organisation" in event, "Connexion" in event] == [
        True] * 4  # fmt: skip
    assert re.findall(r">\s*(Tenant|Connection|Sending at)\s*<", decisions + event) == []


def test_a_deliverys_page_and_name_are_in_french(ours: Company, operator: Client) -> None:
    shown = page(operator, "klark_delivery_change", ours.parked)
    assert ["Parti vers le helpdesk" in shown, "#41 note interne · mis de côté" in shown, "Sending at" in shown] == [
        True, True, False]  # fmt: skip


@pytest.mark.parametrize(("kept", "told"), [
    ("the customer wrote again", "le client a écrit de nouveau"), ("a person was faster", "une personne a été plus rapide"),
    ("Shadow mode: nothing is written.", "Mode fantôme : rien n'est écrit."),
    ("The helpdesk was disconnected.", "Le helpdesk a été déconnecté."), ("503 from acme", "503 from acme"),
])  # fmt: skip
def test_why_a_write_ended_is_told_in_the_readers_language(
    ours: Company, operator: Client, kept: str, told: str
) -> None:
    with within(ours.tenant):
        Delivery.objects.filter(pk=ours.parked).update(trouble=kept)
        Delivery.objects.filter(pk=ours.delivery).update(state="retired")
    pages = (("klark_delivery_changelist",), ("klark_delivery_change", ours.parked), ("klark_draft_change", ours.draft))
    assert [told in page(operator, *place) for place in pages] == [True] * 3


def test_a_role_and_a_password_are_told_in_french(ours: Company) -> None:
    login("camille", (ours, "operator"))
    browser = superuser()
    assert "Alder\u202f: exploitant".replace("\u202f", " ") in page(browser, "auth_user_changelist")
    user = browser.get(reverse("admin:auth_user_changelist")).context["cl"].result_list.get(username="camille")
    shown = page(browser, "auth_user_change", user.pk)
    assert ("Les mots de passe ne sont pas gardés en clair" in shown, "Raw passwords" in shown) == (True, False)


def test_a_label_has_the_space_that_french_has_before_a_colon(ours: Company, operator: Client) -> None:
    assert "Jeton d'API : défini" in page(operator, "klark_connection_change", ours.connection)
    with within(ours.tenant):
        Decision.objects.filter(pk=ours.decision).update(reason="low_confidence")
    assert "Attendre une approbation</strong> : " in page(operator, "klark_draft_change", ours.draft)


def test_what_zendesk_needs_first_is_told_in_french(ours: Company, operator: Client) -> None:
    address = reverse("admin:klark_connection_act", args=(ours.connection, "authorize"))
    shown = operator.post(address, headers=FRENCH, follow=True).content.decode()
    assert "Donnez d&#x27;abord l&#x27;identifiant d&#x27;un client OAuth de Zendesk" in shown


def test_a_name_in_english_is_words_too(ours: Company, operator: Client) -> None:
    assert "#41 wait for approval" in page(operator, "klark_decision_change", ours.decision, language="en")
    assert "#41 internal note · parked" in page(operator, "klark_delivery_change", ours.parked, language="en")


def test_the_modes_by_topic_and_the_roles_have_french_columns(ours: Company, lead: Client) -> None:
    policy = page(lead, "klark_policy_change", ours.policy)
    assert ("file : une personne approuve" in policy, "queue: a person" in policy) == (True, False)
    member = page(superuser(), "auth_user_add")
    assert re.findall(r">\s*(Topic|Tenant)\s*<", policy + member) == []
