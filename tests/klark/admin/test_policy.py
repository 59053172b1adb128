"""A policy is edited in plain inputs, and never in place."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml.html import CheckboxGroup, fromstring

from klark.admin.policy.own_figures import Ended, mode_help, spending_helps, topic_help
from klark.admin.policy.pages import MONEY
from klark.admin.policy.versions import changes_of
from klark.evidence.outcomes import Ending
from klark.models import Connection, Decision, Draft, Outcome, Policy, Topic, TopicRule, within
from klark.runtime.encrypted_secrets import unseal
from tests.klark import rows
from tests.klark.companies import Company, company

pytestmark = pytest.mark.django_db

MOST_QUERIES = 26  # of which every page of the admin asks eight
PLAIN = {
    "mode": "note", "languages": "en\r\nfr", "tolerate_note": "HOLD", "tolerate_queue": "HOLD", "tolerate_reply": "INFO",
    "minimum_confidence": "60",
    "waiting_hours": "24", "autonomy": "off", "autonomy_bar": "97", "audit_percent": "10", "compare_percent": "10",
    "regression_percent": "0",
    "dial": "balanced", "minutes_saved": "0", "ticket_acts": "off", "rollout_percent": "100", "rollout_hours": "always",
    "sign_off_en": "alder team", "sign_off_fr": "", "disclosure_en": "", "disclosure_fr": "", "disclose": "on",
    "forbidden_phrases": "", "trusted_domains": "", "escalate_tags": "", "excluded_tags": "", "excluded_channels": "",
    "excluded_senders": "", "colleague_days": "0", "source_tokens": "2500", "judge_model": "", "section_intro_en": "",
    "section_intro_fr": "",
    "runs_per_ticket": "6", "runs_per_requester": "20", "budget_day": "", "budget_month": "",
    "price_in": "0", "price_out": "0", "currency": "EUR", "time_zone": "UTC", "country": "", "escalate_group": "",
    "model_provider": "openai", "model_url": "", "model_name": "", "model_key": "",
    "fallback_url": "", "fallback_name": "", "fallback_key": "", "fallback_price_in": "", "fallback_price_out": "",
}  # fmt: skip


WHOLE: dict[str, Any] = {
    "languages": ["en", "fr", "de"], "sign_off": {"en": "alder team", "de": "Tschüss"},
    "office_hours": {"mon": "9:00-12:00, 13:30-18:00"}, "act_tags": {"send": "ok"}, "keep_days": {"drafts": 180},
    "updates": {
        "reply": {"status": "pending", "status_name": "Waiting on parts", "priority": "high", "assignee": "klark",
                  "tags": ["answered", "by klark"], "fields": {"7001": "a = b", "7002": "one\ntwo", "7003": ""}},
        "note": {"tags": []},
    },
    "crm": {"url": "https://crm.example/klark", "kind": "json", "facts": {"Order": "orders.0.number"},
            "helpdesk": {"Plan": "user.plan"}},
    "sensitive": {"bereavement": {"group": "Care", "tags": ["care"], "note": {"en": "Gently.\n{help_line}", "fr": "Doucement."},
                                  "todo": {"de": "Rufen Sie an."}, "call": {"en": "Ann"}}},
    "brands": {"5": {"languages": ["fr"], "sign_off": {}}, "7": {"sign_off": {"fr": "L'équipe"}}},
    "offers": {"Free label": {"topics": ["alder-topic", "gone"], "text": {"en": "We send a label.", "de": "Kommt."}}},
}  # fmt: skip


def typed_in(page: Any) -> dict[str, Any]:
    """What a browser would send of the policy's form as it is shown, with what stands beside the button that saves."""
    whole = fromstring(page.content.decode())
    form = whole.get_element_by_id("policy_form")
    form.extend(whole.xpath("//input[@form='policy_form']"))
    return {name: form.fields[name] if not isinstance(form.inputs[name], CheckboxGroup) else list(form.inputs[name].value)
            for name in form.fields if form.fields[name] is not None and not name.startswith("_")}  # fmt: skip


def test_an_object_is_shown_in_inputs_and_what_nobody_touches_comes_back_as_it_was(ours: Company, lead: Client) -> None:
    rows.change(Policy, **WHOLE)
    address = reverse("admin:klark_policy_change", args=(ours.policy,))
    shown = lead.get(address)
    form = typed_in(shown)
    assert (form["office_hours_mon"], form["updates_reply_fields"]) == (
        "9:00-12:00, 13:30-18:00", "7001 = a = b\n7002 = one↵two\n7003 = ")  # fmt: skip
    assert re.findall(r"(?:>|in )\s*\{&quot;", shown.content.decode()) == []
    lead.post(address, form)
    assert newest(ours).version == 1
    lead.post(address, {**form, "office_hours_tue": "10:00-16:00", "offers_1_name": "Gift", "offers_1_topics": ["alder-topic"],
                        "offers_1_text_fr": "Un cadeau.", "brands_0_remove": "on"})  # fmt: skip
    new = newest(ours)
    assert new.office_hours == {**WHOLE["office_hours"], "tue": "10:00-16:00"}
    assert new.offers == {**WHOLE["offers"], "Gift": {"topics": ["alder-topic"], "text": {"fr": "Un cadeau."}}}
    assert new.brands == {"7": {"sign_off": {"fr": "L'équipe"}}}
    with within(ours.tenant):
        assert set(changes_of(new)) == {
            "Office hours, Tuesday: “10:00-16:00” is added", "Brands, 5, languages: “fr” is taken out",
            "Brands, 5, sign-off: nothing is taken out", "Offers, Gift, topics: “alder topic” is added",
            "Offers, Gift, text, French: “Un cadeau.” is added"}  # fmt: skip
    touched = {"office_hours", "offers", "brands"}
    assert {name: getattr(new, name) for name in WHOLE.keys() - touched} == {
        name: WHOLE[name] for name in WHOLE.keys() - touched}  # fmt: skip


def test_what_a_page_had_no_inputs_for_stays(ours: Company, lead: Client) -> None:
    """As a page that was opened before an upgrade."""
    rows.change(Policy, **WHOLE)
    objects = ("office_hours", "act_tags", "keep_days", "updates", "crm", "sensitive", "brands", "offers")
    form = typed_in(lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))))
    old = {name: typed for name, typed in form.items() if not name.startswith(objects)}
    lead.post(reverse("admin:klark_policy_change", args=(ours.policy,)), {**old, "runs_per_ticket": "3"})
    assert newest(ours).runs_per_ticket == 3
    assert {name: getattr(newest(ours), name) for name in objects} == {name: WHOLE[name] for name in objects}


def test_a_crm_is_switched_off_and_a_renamed_offer_keeps_its_text_in_each_language(ours: Company, lead: Client) -> None:
    rows.change(Policy, **{**WHOLE, "languages": ["en"], "sign_off": {}, "sensitive": {}})
    address = reverse("admin:klark_policy_change", args=(ours.policy,))
    form = typed_in(lead.get(address))
    lead.post(address, {**form, "crm_url": "", "crm_facts": "", "offers_0_name": "Label"})
    assert newest(ours).crm == {"helpdesk": {"Plan": "user.plan"}}
    assert newest(ours).offers == {"Label": WHOLE["offers"]["Free label"]}


def test_what_a_write_changes_is_typed_into_inputs(ours: Company, lead: Client) -> None:
    save(lead, ours, updates_reply_status="pending", brands_0_name="5", brands_0_languages="fr")
    assert (newest(ours).updates, newest(ours).brands) == (
        {"reply": {"status": "pending"}},
        {"5": {"languages": ["fr"]}},
    )


def test_a_roll_out_and_the_tags_to_act_by_are_kept_in_the_next_version(ours: Company, lead: Client) -> None:
    save(
        lead, ours, rollout_percent="20", rollout_channels="email\r\nweb", rollout_brands="7", rollout_hours="open",
        office_hours_mon="9:00-18:00", ticket_acts="known", act_tags_send="ok", waiting_tag="look",
    )  # fmt: skip
    with within(ours.tenant):
        rules = newest(ours).rules()
    assert (rules.rollout_percent, rules.rollout_channels, rules.rollout_brands) == (20, {"email", "web"}, {"7"})
    assert (rules.rollout_hours, rules.office_hours) == ("open", {"mon": "9:00-18:00"})
    assert (rules.ticket_acts, rules.act_tags["send"], rules.act_tags["redo"]) == ("known", "ok", "klark_redo")
    assert rules.waiting_tag == "look"


def test_brands_are_chosen_and_told_by_the_names_that_set_up_found(ours: Company, lead: Client) -> None:
    rows.change(Connection, brands={"7101": "Acme UK", "7102": "Acme France"})
    rows.change(Policy, rollout_brands=["7101", "9"])
    page = lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))).content.decode()
    assert all(f'value="{known}"' in page for known in ("7101", "7102", "9"))
    save(lead, ours, rollout_brands=["7102", "9"], brands_0_name="7101", brands_0_languages="fr")
    with within(ours.tenant):
        changes = changes_of(newest(ours))
    assert newest(ours).rollout_brands == ["7102", "9"]
    assert "Brands that klark writes for: “Acme France” is added, “Acme UK” is taken out" in changes
    assert [each for each in changes if each.startswith("Brands, Acme UK")] != []


def test_a_policy_of_as_many_brands_as_a_helpdesk_can_have_is_saved(ours: Company, lead: Client) -> None:
    each = {"name": "{}", "languages": "fr", "sign_off_en": "", "sign_off_fr": "Au revoir"}
    brands = {f"brands_{number}_{part}": text.format(number) for number in range(300) for part, text in each.items()}
    assert save(lead, ours, **brands).status_code == 302
    assert newest(ours).brands == {
        f"{number}": {"languages": ["fr"], "sign_off": {"fr": "Au revoir"}} for number in range(300)
    }


def test_an_object_that_is_emptied_is_empty(ours: Company, lead: Client) -> None:
    rows.change(Policy, updates={"reply": {"status": "pending"}})
    save(lead, ours, updates_reply_status="")
    assert newest(ours).updates == {}


def rules(company: Company, *more: tuple[int, str], first: str = "queue") -> dict[str, Any]:
    """The inputs of the topic rules: the one that is there, and more."""
    with within(company.tenant):
        there = TopicRule.objects.filter(policy=company.policy).get()
    rows = [(there.topic_id, first), *more]
    form: dict[str, Any] = {
        "topic_rules-TOTAL_FORMS": len(rows),
        "topic_rules-INITIAL_FORMS": 1,
        "topic_rules-0-id": there.pk,
    }
    for number, (topic, mode) in enumerate(rows):
        form |= {f"topic_rules-{number}-topic": topic, f"topic_rules-{number}-mode": mode,
                 f"topic_rules-{number}-policy": company.policy}  # fmt: skip
    return form


def save(browser: Client, company: Company, **changes: Any) -> Any:
    form = {**PLAIN, **rules(company), **changes}
    return browser.post(reverse("admin:klark_policy_change", args=(company.policy,)), form)


def newest(company: Company) -> Policy:
    with within(company.tenant):
        return Policy.of(company.tenant).order_by("-version")[0]


def test_saving_makes_the_next_version_and_leaves_the_old_as_it_was(ours: Company, lead: Client) -> None:
    answer = save(lead, ours, mode="reply")
    new = newest(ours)
    assert answer.url == reverse("admin:klark_policy_change", args=(new.pk,))
    told = "Saved as version 2, in force from the next ticket on. Version 1 stays as it was."
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [told]
    with within(ours.tenant):
        old = Policy.objects.get(pk=ours.policy)
    assert [(each.version, each.mode, each.used_at) for each in (old, new)] == [(1, "note", None), (2, "reply", None)]


def test_a_topics_rule_shows_what_became_of_its_own_last_drafts() -> None:
    drafts = [Ended(kind, None, topic) for kind, topic in (
        (Ending.UNCHANGED, "delivery"), (Ending.EDITED, "delivery"), (Ending.UNCHANGED, "returns"))]  # fmt: skip
    assert [topic_help(drafts, topic) for topic in ("delivery", "returns", "other")] == [
        "2 drafts, 1 sent unchanged", "1 draft, 1 sent unchanged", "—"]  # fmt: skip
    told = mode_help([*drafts, Ended(Ending.OTHER_WORDS, None)])
    assert told == ("Of your last 4 drafts that ended, 2 were sent unchanged, 1 edited and sent, 0 rejected; "
                    "1 ended otherwise.")  # fmt: skip


def test_the_page_reads_what_became_of_drafts_once(ours: Company, lead: Client) -> None:
    rows.change(Draft, live=True)
    with CaptureQueriesContext(connection) as asked:
        assert lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))).status_code == 200
    assert sum("klark_aftermath" in each["sql"] for each in asked) == 1


def test_topic_rules_are_copied_changed_and_added_in_the_new_version_only(ours: Company, lead: Client) -> None:
    with within(ours.tenant):
        second = Topic.objects.create(tenant_id=ours.tenant, key="second", name="Second")
    save(lead, ours, **rules(ours, (second.pk, "off"), first="reply"))
    with within(ours.tenant):
        found = {each.version: each.rules().topics for each in Policy.of(ours.tenant)}
    assert found == {1: {"alder-topic": "queue"}, 2: {"alder-topic": "reply", "second": "off"}}


def test_a_topic_rule_that_is_taken_away_is_gone_from_the_new_version_only(ours: Company, lead: Client) -> None:
    save(lead, ours, **{"topic_rules-0-DELETE": "on"})
    with within(ours.tenant):
        found = {each.version: each.rules().topics for each in Policy.of(ours.tenant)}
    assert found == {1: {"alder-topic": "queue"}, 2: {}}


def test_saving_without_a_change_makes_no_version(ours: Company, lead: Client) -> None:
    told = "Nothing was changed, so no new version was made; version 1 is in force."
    assert [str(each) for each in get_messages(save(lead, ours).wsgi_request)] == [told]
    assert newest(ours).version == 1


def test_the_form_says_what_comparing_costs_in_the_tenants_own_figures(ours: Company, lead: Client) -> None:
    ended = [Ended(each, None) for each in (Ending.EDITED, Ending.UNCHANGED, Ending.OTHER_WORDS)]
    with within(ours.tenant):
        assert spending_helps(newest(ours), ended) == {}
    for purpose, cost in (("judge", "0.004"), ("compare", "0.002"), ("draft", "1")):
        rows.spend(ours.tenant, cost, purpose=purpose)
    rows.spend(ours.tenant, "7", purpose="compare", at=datetime.now(UTC) - timedelta(days=31))
    with within(ours.tenant):
        told = [spending_helps(newest(ours), some)["compare_percent"] for some in ([], ended)]
        others = spending_helps(newest(ours), [])
    assert others == {
        "budget_month": "In the last 30 days models cost 1.0060 EUR.", "compare_percent": "",
        "judge_model": "In the last 30 days judging cost 0.0040 EUR of 1.0060.",
        "source_tokens": "In the last 30 days a draft cost about 1.0000 EUR.",
        "regression_percent": "A run asks about 50 cases at most, which costs about 50.2000 EUR; in the last 30 days such runs "
                              "cost 0.0000 EUR.",
    }  # fmt: skip
    assert told == ["", "Of your last 3 drafts that ended, 2 were edited or answered in other words: one request each, at about "
                        "0.0030 EUR. In the last 30 days comparing cost 0.0020 EUR of 1.0060."]  # fmt: skip
    page = lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))).content.decode()
    assert "How much of each budget the judge may use" in page


def test_the_form_says_of_each_amount_of_money_what_none_of_it_means(ours: Company, lead: Client) -> None:
    form = lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))).context["adminform"].form
    assert [name for name in MONEY if not re.search(r"\b(Empty|0):", form.fields[name].help_text)] == []


def test_the_form_says_what_each_choice_cost_on_the_tenants_last_tickets(ours: Company, lead: Client) -> None:
    rows.change(Draft, live=True, findings=[{"id": "klark.G070", "level": "HOLD"}],
                record={"ticket": {"channel": "email", "brand_id": "7101"}})  # fmt: skip
    rows.change(Decision, kind="ESCALATE", reason="unsupported_language", language="de", draft_id=ours.draft)
    rows.change(Connection, brands={"7101": "Acme UK"})
    with within(ours.tenant):
        Outcome.objects.create(tenant_id=ours.tenant, draft_id=ours.draft, kind="escalated", by="klark")
        desk = Connection.objects.get(pk=ours.connection)
    for ticket, (reason, words) in enumerate(
        (("excluded_channel", "chat"), ("spam", ""), ("excluded_channel", "chat")), 50
    ):
        event = rows.event(desk, ticket)
        with within(ours.tenant):
            Decision.objects.create(tenant_id=ours.tenant, event_id=event, connection=desk, ticket_id=str(ticket), kind="SKIP",
                                    reason=reason, words=words)  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        page = lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))).content.decode()
    assert len(asked) <= MOST_QUERIES
    told = {
        line for line in re.findall(r"Of your last \d+ tickets, [^<]*?\d+(?: \([^)]*\))?\.", page) if ": 0." not in line
    }
    assert told == {f"Of your last 3 tickets, {cost}." for cost in (
        "went to a person for their language: 1 (German 1)", "had another link in the draft: 1", "handed over: 1",
        "handed over because nobody decided in time: 1", "left alone for it: 2 (chat 2)", "read by klark: 1 (email 1)",
        "read by klark: 1 (Acme UK 1)")}  # fmt: skip


def test_lists_are_one_a_line_and_texts_by_language(ours: Company, lead: Client) -> None:
    save(lead, ours, forbidden_phrases=" money back \r\n\r\nguaranteed\r\nguaranteed", sign_off_en="Bye,\r\nalder",
         sign_off_fr="À bientôt", section_intro_fr="Nos pages disent\u00a0:")  # fmt: skip
    new = newest(ours)
    assert new.forbidden_phrases == ["money back", "guaranteed"]
    assert new.sign_off == {"en": "Bye,\nalder", "fr": "À bientôt"}
    assert new.section_intro == {"fr": "Nos pages disent\u00a0:"}


@pytest.mark.parametrize("field", ["sign_off", "disclosure", "section_intro"])
def test_a_text_has_an_input_in_each_language_that_it_is_written_in(ours: Company, lead: Client, field: str) -> None:
    with within(ours.tenant):
        Policy.objects.filter(pk=ours.policy).update(**{field: {"en": "alder team", "de": "Tschüss"}})
    save(lead, ours, **{f"{field}_en": "alder team", f"{field}_de": "Tschüss"})
    assert newest(ours).version == 1
    save(lead, ours, **{f"{field}_en": "alder team", f"{field}_fr": "Salut", f"{field}_de": "Tschüss"})
    assert getattr(newest(ours), field) == {"en": "alder team", "fr": "Salut", "de": "Tschüss"}


def test_who_judges_how_much_is_read_and_what_is_quoted_are_kept_in_the_next_version(
    ours: Company, lead: Client
) -> None:
    save(lead, ours, judge_model="large", source_tokens="4000", public_sections="on", section_intro_en="Our pages say:")
    with within(ours.tenant):
        kept = newest(ours).rules()
    assert (kept.version, kept.judge_model, kept.source_tokens, kept.public_sections, kept.section_intro) == (
        2, "large", 4000, True, {"en": "Our pages say:"})  # fmt: skip


def test_the_page_shows_lists_as_lines(ours: Company, lead: Client) -> None:
    shown = lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))).content.decode()
    assert ">en\nfr</textarea>" in shown
    assert "saving makes a new version" in shown


def test_the_models_key_goes_in_and_never_comes_out(ours: Company, lead: Client) -> None:
    save(lead, ours, model_key="sk-alder-secret", model_name="small")
    new = newest(ours)
    assert unseal(new.sealed_key) == {"key": "sk-alder-secret"}
    shown = lead.get(reverse("admin:klark_policy_change", args=(new.pk,))).content.decode()
    assert ("sk-alder-secret" in shown, new.sealed_key in shown, "A key is set" in shown) == (False, False, True)


def test_an_empty_key_keeps_the_old_one(ours: Company, lead: Client) -> None:
    with within(ours.tenant):
        Policy.objects.filter(pk=ours.policy).update(sealed_key="kept")
    save(lead, ours, mode="off")
    assert newest(ours).sealed_key == "kept"


def test_another_model_is_asked_anew_how_it_speaks(ours: Company, lead: Client) -> None:
    with within(ours.tenant):
        Policy.objects.filter(pk=ours.policy).update(model_dialect="json_schema")
    save(lead, ours, mode="off")
    assert newest(ours).model_dialect == "json_schema"
    save(lead, ours, model_name="other")
    assert newest(ours).model_dialect == ""


def test_the_lowest_confidence_is_kept_in_the_next_version(ours: Company, lead: Client) -> None:
    save(lead, ours, minimum_confidence="0")
    assert (newest(ours).version, newest(ours).minimum_confidence) == (2, 0)


REFUSED = (
    ("time_zone", "Mars/Olympus",
     '“Time zone”: there is no time zone "Mars/Olympus"; use a name such as Europe/Paris.'),
    ("budget_day", "-5", "Ensure this value is greater than or equal to 0."),
    ("country", "ZZ", '“Country”: there is no country "ZZ"; it takes a code of two letters, as in FR.'),
    ("languages", "en\r\nklingon", '“Languages”: klark knows no language "klingon"; it takes codes such as en or fr. '
     "Known are: ar, de, el, en, es, fr, he, it, ja, ko, nl, pl, pt, ru, sv, th, tr, zh."),
    ("trusted_domains", "https://fanalou.example/x", '“Trusted link domains”: "https://fanalou.example/x" is no domain; '
     "give the bare name, as in shop.example, without https:// and without a path."),
    ("excluded_channels", "chat\r\ntelepathy", '“Excluded channels”: there is no channel "telepathy"; '
     "known are: email, web, api, phone, chat, social, side_conversation, other, none."),
    ("runs_per_ticket", "-1", "Ensure this value is greater than or equal to 0."),
    ("minimum_confidence", "-1", "Ensure this value is greater than or equal to 0."),
    ("minimum_confidence", "101",
     "“Lowest confidence of a reply, in percent” takes a whole number from 0 to 100, not 101."),
    ("source_tokens", "299", "“Tokens of articles that a model reads” takes a whole number from 300 to 50000, not 299."),
    ("autonomy_bar", "90", "“Lowest share of right drafts, in percent” takes a whole number from 95 to 99, not 90."),
    ("compare_percent", "101",
     "“Budget for comparing what people wrote, in percent” takes a whole number from 0 to 100, not 101."),
    ("source_tokens", "-1", "Ensure this value is greater than or equal to 0."),
)  # fmt: skip
IN_FRENCH = (
    ("minimum_confidence", "140",
     "«\xa0Confiance la plus basse d'une réponse, en pour cent\xa0» attend un nombre entier de 0 à 100, et non 140."),
    ("budget_day", "-5", "Assurez-vous que cette valeur est supérieure ou égale à 0."),
    ("country", "ZZ", "«\xa0Pays\xa0»\xa0: il n'y a pas de pays \"ZZ\"\u202f; il faut un code de deux lettres, comme FR."),
    ("trusted_domains", "a/b", "«\xa0Domaines de liens autorisés\xa0»\xa0: \"a/b\" n'est pas un domaine\u202f; "
     "donnez le nom seul, comme boutique.example, sans https:// ni chemin."),
    ("crm_helpdesk", "Plan = plan", "«\xa0Faits sur le client\xa0» (faits du helpdesk) attend des chemins comme "
     "user.plan ou organization.contract, et non \"plan\"."),
)  # fmt: skip
Refusals = Sequence[tuple[str, str, str]]


def at_once(refused: Refusals) -> Iterator[Refusals]:
    """As many of them at a time as go into one form, where each field stands once."""
    while refused:
        one_each = list({field: (field, value, told) for field, value, told in refused}.values())
        yield one_each
        refused = [each for each in refused if each not in one_each]


@pytest.mark.parametrize(("language", "refused"), [("en", REFUSED), ("fr", IN_FRENCH)])
def test_what_cannot_be_followed_is_refused_at_its_field_in_plain_words(
    ours: Company, lead: Client, language: str, refused: Refusals
) -> None:
    address = reverse("admin:klark_policy_change", args=(ours.policy,))
    for some in at_once(refused):
        form = {**PLAIN, **rules(ours), **{field: value for field, value, _ in some}}
        answer = lead.post(address, form, headers={"accept-language": language})
        assert answer.context["adminform"].form.errors == {
            field.removesuffix("_helpdesk"): [told] for field, _, told in some
        }
    assert newest(ours).version == 1


def test_excluding_no_channel_at_all_has_a_word(ours: Company, lead: Client) -> None:
    save(lead, ours, excluded_channels="none")
    with within(ours.tenant):
        assert newest(ours).rules().excluded_channels == frozenset({"none"})


def test_a_first_policy_starts_from_klarks_own_defaults(ours: Company, lead: Client) -> None:
    shown = lead.get(reverse("admin:klark_policy_add")).content.decode()
    assert ">chat\nphone\nside_conversation\nsocial</textarea>" in shown
    answer = lead.post(reverse("admin:klark_policy_add"), {**PLAIN, "tenant": ours.tenant, "mode": "queue"})
    assert (newest(ours).version, newest(ours).mode) == (2, "queue")
    assert answer.url == reverse("admin:klark_policy_change", args=(newest(ours).pk,))


def test_another_companys_topic_cannot_be_given_a_rule(ours: Company, lead: Client) -> None:
    theirs = company("birch")
    answer = save(lead, ours, **rules(ours, (theirs.topic, "off")))
    assert answer.status_code == 200
    assert newest(ours).version == 1


def test_a_topic_keeps_its_key_and_stays_while_a_policy_speaks_of_it(ours: Company, lead: Client) -> None:
    form = {"name": "Post", "key": "post", "description": "", "words": "parcel\r\ncolis"}
    lead.post(reverse("admin:klark_topic_change", args=(ours.topic,)), form)
    lead.post(reverse("admin:klark_topic_delete", args=(ours.topic,)), {"post": "yes"})
    with within(ours.tenant):
        topic = Topic.objects.get()
    assert (topic.key, topic.name, topic.words) == ("alder-topic", "Post", ["parcel", "colis"])


def test_a_topic_that_no_policy_speaks_of_can_go(ours: Company, lead: Client) -> None:
    form = {"tenant": ours.tenant, "key": "odd", "name": "Odd", "description": "", "words": ""}
    lead.post(reverse("admin:klark_topic_add"), form)
    with within(ours.tenant):
        odd = Topic.objects.get(key="odd")
    lead.post(reverse("admin:klark_topic_delete", args=(odd.pk,)), {"post": "yes"})
    with within(ours.tenant):
        assert list(Topic.objects.values_list("key", flat=True)) == ["alder-topic"]
