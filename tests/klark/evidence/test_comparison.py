"""A draft beside an agent's answer: what it lacks, where it says otherwise, and who could tell."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from guardrails.base import Reply, Sentence
from integrations.errors import TryLater
from klark.evidence.closed_ticket import why_nothing
from klark.evidence.comparison import MOST, Compared, compared
from klark.values.decision import Decided
from klark.values.draft import DraftAnswer, Judge
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from tests.klark.evidence.backtests.past import ANSWERED, ASKED, WHEN, closed
from tests.klark.modelled import Model
from tests.klark.said import ALEX, CAMILLE, TODAY, TRIAGE, comment, completion, ticket

OURS = TenantSettings(1, Rules(), (), (), TODAY, as_of=WHEN)


def drafted(*sentences: str, kind: Any = "REPLY") -> RunRecord:
    reply = Reply(tuple(map(Sentence, sentences)), "en", TRIAGE.text)
    return RunRecord(TRIAGE, Decided(kind, Reason.READY), answer=DraftAnswer("all", reply))


def against(answer: str, *sentences: str, **more: Any) -> Compared:
    found = compared(closed(answer), drafted(*sentences), replace(OURS, **more))
    assert found is not None
    return found


# The agent's answer, the draft, the verdict, what is missing, and what contradicts.
BY_VALUES: tuple[tuple[str, str, str, tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (ANSWERED, "It takes 3 to 5 working days.", "right", (), ()),
    ("It takes 2 weeks.", "It takes 14 days.", "right", (), ()),
    ("It costs €6.90.", "It costs €4.90.", "wrong", ("€6.90",), (("€4.90", "€6.90"),)),
    ("It costs €6.90.", "It costs $6.90.", "incomplete", ("€6.90",), ()),
    ("It costs €6.90.", "It costs €6.90 to Belgium and €4.90 to France.", "right", (), ()),
    ("It costs €6.90 and takes 2 days.", "It takes 2 days.", "incomplete", ("€6.90",), ()),
    ("Your order is AB1234.", "Your order is CD9999.", "incomplete", ("AB1234",), ()),
    ("Yes, with pleasure.", "It takes 2 days.", "unclear", (), ()),
)


@pytest.mark.parametrize(("answer", "draft", "verdict", "missing", "pairs"), BY_VALUES, ids=range(len(BY_VALUES)))
def test_typed_values_are_compared_without_a_model(
    answer: str, draft: str, verdict: str, missing: tuple[str, ...], pairs: tuple[tuple[str, str], ...]
) -> None:
    found = against(answer, draft)
    assert (found.verdict, found.missing, found.contradicting) == (verdict, missing, pairs)


def test_what_the_customer_said_is_neither_missing_nor_wrong() -> None:
    asked = "I ordered on 2 November for €80. When does it come?"
    run = drafted("It comes in 3 days.")
    run = replace(run, answer=replace(run.answer, reply=replace(run.answer.reply, ticket_text=asked)))  # type: ignore[type-var]
    found = compared(closed("You paid €80; it comes in 3 days.", asked=asked), run, OURS)
    assert found is not None
    assert (found.verdict, found.missing) == ("right", ())


@pytest.mark.parametrize("kind", ["ESCALATE", "SKIP"])
def test_a_draft_that_nobody_sees_is_compared_with_nothing(kind: str) -> None:
    run = drafted("It costs €4.90.", kind=kind)
    run = run if kind == "ESCALATE" else replace(run, answer=DraftAnswer("none"))
    assert compared(closed("It costs €6.90."), run, OURS) is None


def test_an_answer_by_phone_is_compared_with_nothing() -> None:
    assert compared(closed("Called her, all fine."), drafted("It takes 3 days."), OURS) is None


def judge(**more: Any) -> tuple[Model, Judge]:
    model = Model(completion(), cost=Decimal("0.01"), **more)
    return model, Judge(model, "judge")


def test_a_judge_reads_the_answer_against_the_draft_and_what_it_costs_is_counted() -> None:
    model, one = judge(words={"C1": "contradicted"})
    found = against("Ask the carrier, please.", "We ask the carrier for you.", judge=one)
    assert (found.verdict, found.by, found.cost) == ("wrong", ("judge",), Decimal("0.01"))
    assert (found.contradicting, len(model.judged)) == ((("", "Ask the carrier, please."),), 1)


def test_a_value_that_the_draft_lacks_is_missing_only_where_no_judge_could_tell() -> None:
    _, one = judge()
    assert against("It costs €6.90.", "It depends on the carrier.", judge=one).verdict == "right"
    _, silent = judge(silent=TryLater("away"))
    assert against("It costs €6.90.", "It depends on the carrier.", judge=silent).missing == ("€6.90",)


def test_another_value_contradicts_whatever_a_judge_says() -> None:
    _, one = judge()
    assert against("It costs €6.90.", "It costs €4.90.", judge=one).contradicting == (("€4.90", "€6.90"),)


def test_what_the_draft_does_not_say_is_missing_unless_it_is_beside_the_question() -> None:
    for beside, missing in (
        ((), ("With pleasure!", "Ask the carrier, please.")),
        (("C1",), ("Ask the carrier, please.",)),
    ):
        _, one = judge(words={"C1": "not_stated", "C2": "not_stated"}, beside=beside)
        found = against("With pleasure! Ask the carrier, please.", "It is on its way.", judge=one)
        assert (found.verdict, found.missing) == ("incomplete", missing)


def test_an_answer_that_tells_the_customer_nothing_is_not_compared() -> None:
    _, one = judge(words={"C1": "not_stated"}, beside=("C1",))
    assert against("See the attached file.", "It is on its way.", judge=one).verdict == "unclear"


def test_what_contradicts_the_draft_counts_although_it_is_beside_the_question() -> None:
    _, one = judge(words={"C1": "contradicted"}, beside=("C1",))
    assert against("We do not do that.", "We do that.", judge=one).verdict == "wrong"


def test_the_same_words_need_no_judge() -> None:
    model, one = judge(silent=TryLater("away"))
    found = against("Please ask the carrier.", "Please ask the carrier.", judge=one)
    assert (found.verdict, model.judged) == ("right", [])


def test_a_judge_that_is_silent_leaves_the_values_to_tell() -> None:
    _, one = judge(silent=TryLater("away"))
    assert against("It costs €6.90.", "It costs €4.90.", judge=one).by == ("values",)
    assert against("With pleasure, madam.", "It is on its way.", judge=one).verdict == "unclear"


def test_the_judge_reads_no_name_and_no_address() -> None:
    model, one = judge()
    found = against(
        "Dear Camille Durand, write to paule.roux@example.org.", "Ask Paule Roux at 0470 12 34 56.", judge=one
    )
    read = "\n".join(prompt.user for prompt in model.judged)
    assert found.by == ("judge",)
    assert [word in read for word in ("Camille", "Durand", "paule.roux", "0470")] == [False] * 4


def test_the_judge_does_not_read_who_signed_the_answer_though_no_line_of_it_tells_a_name() -> None:
    model, one = judge()
    sent = replace(closed(ANSWERED), answer="Ask the carrier, please.\nKind regards,\nOlamide")
    compared(sent, drafted("We ask the carrier."), replace(OURS, judge=one))
    assert ["Olamide" in prompt.user for prompt in model.judged] == [False]


def test_an_answer_that_was_not_read_to_its_end_is_never_called_the_same() -> None:
    _, one = judge()
    long = " ".join(f"Please ask carrier number {number}." for number in range(MOST + 1))
    assert against(long, "We ask them.", judge=one).verdict == "unclear"
    _, contradicts = judge(words={"C1": "contradicted"})
    assert against(long, "We ask them.", judge=contradicts).verdict == "wrong"


def test_a_note_in_another_language_does_not_keep_an_answer_from_being_compared() -> None:
    note = "La cliente a appelé deux fois hier, et son colis est encore au dépôt."
    read = ticket(comment(1, CAMILLE, ASKED), comment(2, ALEX, note, public=False), subject="Delivery")
    assert (why_nothing(read, read, ANSWERED), why_nothing(read, read, note)) == ("", "other_language")
