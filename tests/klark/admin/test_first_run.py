"""A team lead's first steps, from a tenant with nothing to the first draft: each tick is read from the database."""

import html
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from klark import tasks
from klark.admin.first_run import added_sources
from klark.models import (
    EVERY_TENANT,
    Article,
    BacktestRun,
    Connection,
    Policy,
    Source,
    Tenant,
    Topic,
    TopicRule,
    Upload,
    within,
)
from tests.klark import rows
from tests.klark.companies import Company, company, login
from tests.klark.rows import ANSWER, ASKED
from tests.klark.sources.papers import packed, paragraph, run, word
from tests.klark.sources.web import Answer, web

pytestmark = pytest.mark.django_db
FIRST, ASK, INDEX = (reverse(f"admin:{name}") for name in ("klark_first_run", "klark_ask", "index"))
STEPS = ("connected", "informed", "tried", "ruled", "seen")
DELIVERY = f"# Delivery times\n\n{ANSWER}\n".encode()


@pytest.fixture
def fresh() -> Any:
    """A tenant with nothing."""
    with within(EVERY_TENANT):
        return SimpleNamespace(tenant=Tenant.objects.create(slug="fresh", name="Fresh").pk)


@pytest.fixture
def lead(fresh: Any) -> Client:
    return login("lead", (fresh, "lead"))


def press(browser: Client, button: str, slug: str = "fresh", **given: Any) -> list[str]:
    """What the page says after a button was pressed."""
    answer = browser.post(FIRST, {"tenant": slug, "press": button, **given})
    assert answer.status_code == 302, answer
    browser.cookies.pop("messages", None)  # what was said is not said again
    return [str(told) for told in get_messages(answer.wsgi_request)]


def upload(browser: Client, **files: bytes) -> list[str]:
    """Puts documents in by their names, of which the last underscore is the dot."""
    named = [(".".join(name.rsplit("_", 1)), content) for name, content in files.items()]
    return press(browser, "documents", documents=[SimpleUploadedFile(name, content) for name, content in named])


def ticked(browser: Client) -> list[str]:
    tenant = browser.get(FIRST).context["tenant"]
    return [step for step in STEPS if getattr(tenant, step)]


def titles(tenant_id: int) -> list[str]:
    with within(tenant_id):
        return list(Article.of(tenant_id).filter(current=True).order_by("title").values_list("title", flat=True))


def test_from_nothing_to_the_first_draft_each_step_is_ticked_as_it_is_done(fresh: Any, lead: Client) -> None:
    assert "Begin with Fresh" in lead.get(INDEX).content.decode()
    assert ticked(lead) == []
    account = rows.connection(fresh.tenant)
    assert ticked(lead) == ["connected"]

    assert upload(lead, delivery_md=DELIVERY) == ["1 document was taken: a worker reads it now."]
    assert "is being read" in lead.get(FIRST).content.decode()
    tasks.read()
    assert (titles(fresh.tenant), ticked(lead)) == (["Delivery times"], ["connected", "informed"])

    assert "Try it on your closed tickets" in lead.get(FIRST).content.decode()
    with within(fresh.tenant), transaction.atomic():
        BacktestRun.objects.create(tenant_id=fresh.tenant, connection=account, since=date.today(), limit=1)
        assert ticked(lead) == ["connected", "informed", "tried"]
        transaction.set_rollback(True)

    answer = lead.post(ASK, {"tenant": "fresh", "text": ASKED}).content.decode()
    assert [words in answer for words in (ANSWER, "internal note", "Back to the first steps")] == [True] * 3
    assert ticked(lead) == ["connected", "informed", "tried"]

    press(lead, "policy", starter="note")
    assert "Go on with Fresh" in lead.get(INDEX).content.decode()
    draft = rows.draft(account, record={"ticket": {}})
    assert ticked(lead) == ["connected", "informed", "tried", "ruled"]
    lead.get(reverse("admin:klark_draft_change", args=(draft.pk,)))
    assert ticked(lead) == list(STEPS)
    assert "First steps</h2>" not in lead.get(INDEX).content.decode()


@pytest.mark.parametrize(
    ("key", "mode", "shadow", "replies"), [("watch", "note", True, 0), ("note", "note", False, 0), ("reply", "queue", False, 6)]
)  # fmt: skip
def test_a_starter_is_the_next_version_and_brings_topics(
    fresh: Any, key: str, mode: str, shadow: bool, replies: int
) -> None:
    account = rows.connection(fresh.tenant, shadow=not shadow)
    rows.policy(fresh.tenant, budget_day=5, sign_off={"en": "Fresh"})
    operator = login("ops", (fresh, "operator"))
    (told,) = press(operator, "policy", starter=key)
    assert told.startswith("There is another policy in force than this page showed.")
    (told,) = press(operator, "policy", starter=key, over=1)
    assert told.endswith("in force from the next ticket on, as version 2 of the policy.")
    with within(fresh.tenant):
        policy = Policy.of(fresh.tenant).get(version=2)
        assert (policy.mode, policy.budget_day, policy.sign_off) == (mode, 5, {"en": "Fresh"})
        assert TopicRule.of(fresh.tenant).filter(policy=policy, mode="reply").count() == replies
        assert (Topic.of(fresh.tenant).count(), Connection.objects.get(pk=account.pk).shadow) == (14, shadow)
        assert Topic.of(fresh.tenant).get(key="delivery").named("fr") == "Livraison"


def test_a_lead_may_end_all_writing_and_only_an_operator_begins_it(fresh: Any, lead: Client) -> None:
    rows.connection(fresh.tenant)
    press(lead, "policy", starter="reply")
    page = " ".join(lead.get(FIRST).content.decode().split())
    told = ["Delivery: reply → note", "Refunds: queue → note", "Tickets without a topic: queue → note",
            "Shadow mode begins: klark writes nothing at Zendesk · acme any more, and only an operator"]  # fmt: skip
    assert [page.count(each) for each in told] == [2, 2, 2, 1]
    for version, starter in enumerate(("watch", "note"), 1):
        press(lead, "policy", starter=starter, over=version)
    assert rows.get(Connection).shadow is True
    assert "until an operator ends that" in lead.get(FIRST).content.decode()


def test_own_topics_are_kept_and_only_those_are_promised_that_open(lead: Client, fresh: Any) -> None:
    assert (
        "leave no doubt: Delivery, Returns, Invoices, Products and use, Stock and prices"
        in lead.get(FIRST).content.decode()
    )
    with within(fresh.tenant):
        Topic.objects.create(tenant_id=fresh.tenant, key="kites", name="Kites")
    assert "Every draft waits for approval: none of your topics is one of" in lead.get(FIRST).content.decode()
    press(lead, "policy", starter="reply")
    assert (rows.count(Topic), rows.count(TopicRule)) == (1, 0)
    with within(fresh.tenant):
        Topic.objects.create(tenant_id=fresh.tenant, key="stock", name="Kites in stock")
    shown = lead.get(FIRST).content.decode()
    assert "leave no doubt: Kites in stock. All else" in shown
    assert "Kites in stock: queue → reply" in shown


def bomb(path: Path) -> bytes:
    return packed(path, {"word/document.xml": " " * 5_000_000}).read_bytes()


def test_each_bad_document_is_told_in_a_sentence_and_the_good_ones_are_taken(
    fresh: Any, lead: Client, tmp_path: Path
) -> None:
    good = word(tmp_path / "good.docx", paragraph(run("Returns within 30 days."))).read_bytes()
    told = upload(
        lead, guide_pdf=b"GIF89a", empty_md=b"", plan_doc=b"\xd0\xcf\x11\xe0", run_exe=b"MZ", notes_md=b"a\0b", price_xlsx=good,
        big_docx=bomb(tmp_path / "bomb.docx"), secret_docx=b"\xd0\xcf\x11\xe0", fake_docx=b"<html>", good_docx=good,
    )  # fmt: skip
    assert told == [
        "guide.pdf is not what its name says.", "empty.md is empty.",
        "plan.doc is in a format that is not read here: save it as DOCX or PDF.",
        "run.exe is in a format that is not read here.", "notes.md is not a text.", "price.xlsx is not what its name says.",
        "big.docx has a part that would unpack to far more than it is, as a zip bomb does.",
        "secret.docx is encrypted, or in an old format: save it anew without a password.",
        "fake.docx is not what its name says.", "1 document was taken: a worker reads it now.",
    ]  # fmt: skip
    tasks.read()
    assert titles(fresh.tenant) == ["good"]


def test_what_shows_only_in_reading_is_told_on_the_page_in_the_readers_language(lead: Client) -> None:
    upload(lead, broken_pdf=b"%PDF-1.7\nnothing", table_csv="name;price\nCafÃ©;12\nKite;13\n".encode())
    tasks.read()
    shown = lead.get(FIRST, headers={"accept-language": "fr"}).content.decode()
    assert ["<strong>broken.pdf</strong>" in shown, "a été enregistré dans un mauvais encodage" in shown] == [
        True,
        True,
    ]


def test_too_much_at_once_or_in_all_is_refused_and_what_was_there_stays(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(lead, delivery_md=DELIVERY)
    monkeypatch.setattr(added_sources, "MOST_AT_ONCE", 2_000_000)
    (told,) = upload(lead, one_md=b"a" * 1_000_001, two_md=b"b" * 1_000_001)
    assert told.startswith("Together they are larger than 2 MB, so none was taken.")
    monkeypatch.setattr(added_sources, "MOST_IN_ALL", len(DELIVERY) + 1)
    assert upload(lead, three_md=b"cc") == ["three.md finds no room: all documents together may have 0 MB."]
    assert press(lead, "documents") == ["Choose the documents first."]
    assert rows.get(Upload).name == "delivery.md"


def test_a_document_of_the_same_name_replaces_the_one_before_and_a_removed_one_is_withdrawn(
    fresh: Any, lead: Client
) -> None:
    upload(lead, delivery_md=DELIVERY)
    tasks.read()
    upload(lead, delivery_md=b"# Delivery\n\nIt takes 2 days now.")
    tasks.read()
    assert titles(fresh.tenant) == ["Delivery"]
    kept = rows.get(Upload)
    assert press(lead, "remove", document=kept.pk) == [
        "delivery.md was removed: its articles are withdrawn in a moment."
    ]
    tasks.read()
    assert (titles(fresh.tenant), rows.count(Upload), rows.get(Source).trouble) == ([], 0, "")
    assert press(lead, "remove", document=kept.pk) == ["This document is not there any more."]


def test_a_site_is_named_by_its_host_and_read_by_a_worker(lead: Client) -> None:
    for typed in ("www.acme.example/help", "https://acme.example"):
        press(lead, "site", address=typed)
    press(lead, "site", address="https://acme.example")  # again
    with within(EVERY_TENANT):
        kept = Source.objects.order_by("pk").values_list("name", "kind", "address", "wanted")
        assert list(kept) == [("acme-example", "website", "https://www.acme.example/help", True),
                              ("acme-example-2", "website", "https://acme.example", True)]  # fmt: skip


def test_a_tenant_has_so_many_sites_at_most(lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(added_sources, "MOST_SITES", 1)
    press(lead, "site", address="https://a.example")
    (told,) = press(lead, "site", address="https://b.example")
    assert told == "There are 1 sites already, and no more are taken: an operator can remove one that is not needed."
    assert (
        "reads https://a.example now" in press(lead, "site", address="https://a.example")[0],
        rows.count(Source),
    ) == (
        True,
        1,
    )


@pytest.mark.parametrize(
    "typed", ["", "help", "ftp://acme.example", "https://a:b@acme.example", "https://[", "/srv/x", "a\0"]
)
def test_what_is_no_sites_address_is_refused(lead: Client, typed: str) -> None:
    assert press(lead, "site", address=typed) == [
        "This is not the address of a site: give one such as https://help.acme.example."
    ]
    assert rows.count(Source) == 0


def test_a_site_that_is_not_public_is_not_read_though_the_operator_allows_it_for_models(
    fresh: Any, lead: Client, settings: Settings
) -> None:
    with web() as site:
        site.maps("/delivery", changed="2026-11-01")
        site.answers["/delivery"] = Answer("<html lang=en><h1>Delivery</h1><p>It takes 3 days.</p></html>")
        settings.KLARK_PRIVATE_HOSTS = (site.host,)
        refused = press(lead, "site", address=site.home)
        assert (rows.count(Source), "public sites only" in refused[0]) == (0, True)
        with within(fresh.tenant):  # as a name that leads there
            Source.objects.create(tenant_id=fresh.tenant, kind="website", name="inner", address=site.home, wanted=True)
        tasks.read()
    assert (titles(fresh.tenant), "public" in rows.get(Source).trouble) == ([], True)
    shown = lead.get(FIRST, headers={"Accept-Language": "fr"}).content.decode()
    assert ("Rien n'a été retiré" in html.unescape(shown), "Nothing was withdrawn" in shown) == (True, False)


@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_who_does_not_lead_sees_and_does_nothing_there(fresh: Any, role: str) -> None:
    browser = login(role, (fresh, role))
    forms = [{"press": "site", "address": "https://acme.example"}, {"press": "policy", "starter": "reply"},
             {"press": "documents", "documents": SimpleUploadedFile("a.md", b"a")}]  # fmt: skip
    codes = [browser.get(page).status_code for page in (FIRST, ASK)]
    codes += [browser.post(FIRST, {"tenant": "fresh", **form}).status_code for form in forms]
    codes.append(browser.post(ASK, {"tenant": "fresh", "text": ASKED}).status_code)
    assert codes == [403] * 6
    assert (rows.count(Source), rows.count(Policy)) == (0, 0)
    assert FIRST not in browser.get(INDEX).content.decode()


def test_another_tenants_pages_are_not_there(lead: Client, fresh: Any) -> None:
    other: Company = company("birch")
    owner = login("owner", (other, "lead"))
    upload_there = owner.post(FIRST, {"tenant": "birch", "press": "documents",
                                      "documents": SimpleUploadedFile("a.md", DELIVERY)})  # fmt: skip
    assert upload_there.status_code == 302
    theirs = rows.get(Upload).pk
    forms = [
        {"press": "site", "address": "https://a.example"},
        {"press": "policy", "starter": "note"},
        {"press": "nothing"},
    ]
    codes = [lead.get(page, {"tenant": "birch"}).status_code for page in (FIRST, ASK)]
    codes += [lead.post(FIRST, {"tenant": "birch", **form}).status_code for form in forms]
    codes.append(lead.post(ASK, {"tenant": "birch", "text": ASKED}).status_code)
    codes.append(lead.post(FIRST, {"tenant": "fresh", "press": "nothing"}).status_code)
    assert codes == [404] * 7
    assert press(lead, "remove", document=theirs) == ["This document is not there any more."]
    assert (rows.count(Upload), rows.count(Source, tenant=fresh.tenant)) == (1, 0)
