"""What a customer wrote, for the agent; what the agent writes, for the customer: refused unless both say the same."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from tests.klark import rows
from tests.klark.api.program import Program
from tests.klark.assistance.scripted_model import Model, model_of, record_draft, verdicts
from tests.klark.assistance.threads import Thread
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db
DUTCH = "Goedemorgen, ik ben Jane Carver.\n\nMijn Ricochet is na 14 dagen kapot gegaan. Krijg ik 59,90 € terug?"
ENGLISH = ("Hello, I am [NAME_1].", "My Ricochet broke after 14 days. Will I get €59.90 back?")
REPLY = "Yes, you get €59.90 back within 5 days."
TICKET = Thread("nl", [("customer", DUTCH)], {}).ticket
SAME = verdicts("supported", "supported", answered=[True, True])


def lines(*texts: str) -> dict[str, Any]:
    return {"lines": [{"line": f"L{at}", "text": each} for at, each in enumerate(texts, 1)]}


@pytest.fixture
def model(ours: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    record_draft(ours, TICKET, "nl")
    with model_of(ours, settings, monkeypatch) as one:
        yield one


@pytest.fixture
def program(ours: Company) -> Program:
    return Program(ours.tenant, ["assist"])


def translated(program: Program, ours: Company, **body: Any) -> Any:
    return program.post(f"drafts/{ours.draft}/translation", {"language": "en", "message": 1, **body})


def test_a_customers_message_is_read_beside_its_original(program: Program, ours: Company, model: Model) -> None:
    model.says(lines(*ENGLISH), SAME)
    assert translated(program, ours).json() == {
        "original": DUTCH, "text": f"Hello, I am Jane Carver.\n\n{ENGLISH[1]}", "source_language": "nl", "language": "en",
        "checked": True,
    }  # fmt: skip
    assert [each for each in model.asked if "Carver" in each] == []


def test_what_the_agent_writes_is_put_into_the_customers_language(
    program: Program, ours: Company, model: Model
) -> None:
    model.says(lines("Ja, u krijgt 59,90 € terug binnen 5 dagen."), verdicts("supported"))
    shown = translated(program, ours, text=REPLY, language="nl").json()
    assert (shown["text"], shown["source_language"], shown["checked"]) == (
        "Ja, u krijgt 59,90 € terug binnen 5 dagen.",
        "en",
        True,
    )


OBEYED = lines("Your order is free.", "Pay 500 € at https://evil.example now.")


@pytest.mark.parametrize(
    ("said", "says"),
    [([lines(ENGLISH[0], ENGLISH[1].replace("14", "15"))], "14, 15"),
     ([OBEYED, OBEYED, SAME], "https://evil.example"),
     ([lines(ENGLISH[0])], "left out or added"),
     ([lines("Hello.", ENGLISH[1])], "did not come back"),
     ([lines(ENGLISH[0], ENGLISH[1].replace("Ricochet", "ricocheting bag"))], "Ricochet"),
     ([lines("Goedemorgen, ik ben [NAME_1].", DUTCH.splitlines()[2])], "another language"),
     ([lines(*ENGLISH), verdicts("supported", "not_stated", answered=[True, True])], "“Mijn Ricochet"),
     ([lines(*ENGLISH), verdicts("supported", "supported", answered=[False, True])], "“Goedemorgen, ik ben")],
    ids=["number", "obeyed", "line", "name", "product", "untranslated", "judge", "omission"],
)  # fmt: skip
def test_a_translation_that_says_something_else_is_refused_with_the_reason(
    program: Program, ours: Company, model: Model, said: Sequence[dict[str, Any]], says: str
) -> None:
    for language in ("nl", "en"):
        rows.article(ours.tenant, f"Ricochet {language}", "<p>A Ricochet.</p>", language=language)
    model.says(*said)
    refused = translated(program, ours)
    assert (refused.status_code, says in refused.json()["detail"]) == (422, True), refused.json()


def test_a_first_translation_with_other_values_gets_a_second_chance(
    program: Program, ours: Company, model: Model
) -> None:
    model.says(lines(ENGLISH[0], ENGLISH[1].replace("14", "40")), lines(*ENGLISH), SAME)
    assert (translated(program, ours).status_code, len(model.asked)) == (200, 3)
    system, user = (each["content"] for each in model.server.bodies[1]["messages"])
    assert ("14; 40" in user, "14" in system) == (True, False)


def test_a_customers_name_that_articles_have_too_stays_masked_and_refuses_nothing(
    program: Program, ours: Company, model: Model
) -> None:
    for language in ("nl", "en"):
        rows.article(ours.tenant, f"Carver {language}", "<p>A Carver.</p>", language=language)
    model.says(lines(*ENGLISH), SAME)
    assert translated(program, ours).status_code == 200
    assert [each for each in model.asked if "Carver" in each] == []


def test_without_a_judge_whose_word_counts_that_is_told(
    program: Program, ours: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_draft(ours, TICKET, "nl")
    with model_of(ours, settings, monkeypatch, trusted=False) as model:
        model.says(lines(*ENGLISH), SAME)
        assert translated(program, ours).json()["checked"] is False


@pytest.mark.parametrize(
    ("body", "says"),
    [({"language": "nl"}, "in that language already"), ({"message": 9}, "no text"), ({"text": "a\n" * 81}, "too long")],
)
def test_what_cannot_be_translated_is_told(
    program: Program, ours: Company, model: Model, body: dict[str, Any], says: str
) -> None:
    refused = translated(program, ours, **body)
    assert (refused.status_code, says in refused.json()["detail"], model.asked) == (422, True, [])


def test_without_a_model_it_is_refused_in_plain_words(program: Program, ours: Company) -> None:
    record_draft(ours, TICKET, "nl")
    assert "none is set up" in translated(program, ours).json()["detail"]


# On the draft's page


@pytest.mark.parametrize(("language", "offers"), [("nl", True), ("en", False)])
def test_the_page_offers_it_where_the_customer_writes_in_another_language(
    ours: Company, model: Model, language: str, offers: bool
) -> None:
    record_draft(ours, TICKET, language)
    agent = login("camille", (ours, "agent"))
    shown = agent.get(reverse("admin:klark_draft_change", args=(ours.draft,))).content.decode()
    told = ('value="message"', "k-translated-1", "Read it in English", "My text into Dutch")
    assert {words in shown for words in told} == {offers}


@pytest.mark.parametrize(
    ("typed", "said", "shown"),
    [({"help": "message", "message": "1"}, [lines(*ENGLISH), SAME], ["I am Jane Carver", "Mijn Ricochet", "both say the same"]),
     ({"help": "translate", "text": REPLY}, [lines("Ja, u krijgt 59,90 € terug binnen 5 dagen."), verdicts("supported")],
      ["Ja, u krijgt", "Use this text", "Yes, you get"]),
     ({"help": "read", "text": DUTCH}, [lines(*ENGLISH), verdicts("contradicted")], ["refused", "k-note"])],
    ids=["message", "reply", "refused"],
)  # fmt: skip
def test_the_page_shows_the_translation_with_the_original_or_why_there_is_none(
    ours: Company, model: Model, typed: dict[str, str], said: Sequence[dict[str, Any]], shown: Sequence[str]
) -> None:
    model.says(*said)
    agent = login("camille", (ours, "agent"))
    told = agent.post(reverse("admin:klark_draft_assist", args=(ours.draft,)), typed).content.decode()
    assert [words for words in shown if words not in told] == []
