"""The recorded model: which recording is played, what it cites, what it leaves out, and what it says as a judge."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from integrations.llms.base import REPLY_SCHEMA, NumberedPassage
from klark.demo.model_server import RECORDED
from klark.demo.recorded_model import Play, RecordedModel, passages_of
from klark.demo.recordings import Lie, RecordedSentence, Recording, Recordings, Verdict, letters, load, words_of
from klark.drafting import judge as judging
from klark.drafting.judge import request
from klark.drafting.prompt import WHOLE, Material, drafting
from klark.values.draft import DraftAnswer, DraftedSentence

LENT, FINE = "A book is lent for 4 weeks.", "Each day late costs 20 cents."
RENEW = "A book that nobody waits for can be renewed twice."
TICKET = "Borrowing novels\nHow long may I keep a novel, and what does it cost when I am late?"
OTHER = "Reading room\nIs the reading room open on Sunday mornings?"
LINES = (LENT, FINE, RENEW)


def sentence(text: str, *quotes: str, answers: tuple[int, ...] | None = None) -> RecordedSentence:
    return RecordedSentence(text, quotes, answers)


KEEP = sentence("You may keep it for 4 weeks.", LENT, answers=(1,))
COST = sentence("Being late costs 20 cents a day.", FINE, answers=(2,))
ASIDE = sentence("You can renew it twice.", RENEW, answers=())
REPLY = Recording("T1", 0, words_of(TICKET), answerable=True, asks=2, sentences=(KEEP, COST, ASIDE))
SUNDAY = Recording(
    "T2", 0, words_of(OTHER), answerable=True, asks=1, sentences=(sentence("No.", "Closed on Sundays.", answers=(1,)),)
)
LIE = Lie("T1", 0, "scope", "You may keep anything for 4 weeks.")


def verdict(text: str, word: str = "supported", relevant: bool = True) -> Verdict:
    return Verdict(letters(text), word, relevant)


VERDICTS = [*(verdict(each.text) for each in (KEEP, COST)), verdict(ASIDE.text, relevant=False),
            verdict(LIE.text, "contradicted")]  # fmt: skip
BOTH = Recordings((REPLY, SUNDAY), (LIE,), {each.letters: each for each in VERDICTS}, {letters(LIE.text): LIE.kind})


def given(ticket: str = TICKET, lines: Sequence[str] = LINES, asks: tuple[str, ...] = (WHOLE,)) -> Material:
    passages = (
        NumberedPassage("P1", "Elsewhere", ("Nothing of use.",), "en"),
        NumberedPassage("P2", "Lending", tuple(lines), "en"),
    )
    return Material("0123456789abcdef", date(2026, 11, 25), "en", {"ticket": ticket}, asks, passages, "", {})


def reply(model: RecordedModel, material: Material) -> Any:
    return model.answer(drafting(material).user, REPLY_SCHEMA)


def judge(model: RecordedModel, *claims: str, material: Material | None = None) -> Any:
    said = tuple(DraftedSentence(claim, ("P2.1",)) for claim in claims)
    prompt = request(DraftAnswer("all", said=said), material or given())
    return model.answer(prompt.user, prompt.schema)


def words(said: Any) -> list[tuple[str, bool]]:
    return [(each["verdict"], each["relevant"]) for each in said["verdicts"]]


# Replies


def test_a_question_taken_out_of_a_ticket_is_known_by_having_no_other_words() -> None:
    asked = {text: RecordedModel(BOTH).known({"ticket": text})
             for text in ("How long may I keep?", "How long may", "How long may I keep dogs?")}  # fmt: skip
    assert list(asked.values()) == [REPLY, None, None]


def test_the_reply_to_a_ticket_is_played_with_the_labels_of_this_prompt() -> None:
    assert reply(RecordedModel(BOTH), given()) == {
        "answerable": True,
        "sentences": [{"text": KEEP.text, "cites": ["P2.1"]}, {"text": COST.text, "cites": ["P2.2"]},
                      {"text": ASIDE.text, "cites": ["P2.3"]}],
    }  # fmt: skip


def test_the_ticket_is_known_again_where_names_are_masked_and_a_thread_stands_around_it() -> None:
    thread = f"Borrowing novels\nCustomer: Hello [NAME_1]\nSupport: Yes?\nCustomer, now: {TICKET}\n[NAME_1]"
    assert len(reply(RecordedModel(BOTH), given(thread))["sentences"]) == 3


def test_a_ticket_that_was_not_recorded_gets_no_reply() -> None:
    assert reply(RecordedModel(BOTH), given("Do you sell stamps?")) == {"answerable": False, "sentences": []}
    assert reply(RecordedModel(Recordings()), given()) == {"answerable": False, "sentences": []}


def test_the_later_turn_is_played_once_it_stands_in_the_ticket() -> None:
    second = "Borrowing novels\nThanks! And how often may it be renewed?"
    later = replace(REPLY, turn=1, words=words_of(second), asks=1, sentences=(replace(ASIDE, answers=(1,)),))
    model = RecordedModel(replace(BOTH, replies=(REPLY, later, SUNDAY)))
    both = f"{TICKET}\nSupport: 4 weeks.\nCustomer, now: Thanks! And how often may it be renewed?"
    assert [len(reply(model, given(text))["sentences"]) for text in (TICKET, both)] == [3, 1]


def test_a_sentence_whose_lines_are_not_in_the_prompt_is_left_out() -> None:
    without_aside = reply(RecordedModel(BOTH), given(lines=(LENT, FINE)))
    without_cost = reply(RecordedModel(BOTH), given(lines=(LENT, RENEW)))
    assert [(each["answerable"], len(each["sentences"])) for each in (without_aside, without_cost)] == [
        (True, 2),
        (False, 2),
    ]


def test_without_word_of_what_answers_what_a_reply_answers_only_whole() -> None:
    plain = replace(REPLY, asks=0, sentences=tuple(replace(each, answers=None) for each in REPLY.sentences))
    model = RecordedModel(replace(BOTH, replies=(plain,)))
    assert [reply(model, given(lines=lines))["answerable"] for lines in (LINES, (LENT, FINE))] == [True, False]


def test_a_lie_takes_the_place_of_its_sentence() -> None:
    said = reply(RecordedModel(BOTH, Play(lies=True, turn=7)), given())
    assert [each["text"] for each in said["sentences"]] == [LIE.text, COST.text, ASIDE.text]


@pytest.mark.parametrize(("lines", "quote", "cites"), [
    (("One. ", "Two."), "two", ["P2.2"]),
    (("Twelve is one and two.",), "two", []),
    (("Opened at nine.", "Closed at five."), "Opened at nine. Closed at five.", ["P2.1", "P2.2"]),
    (("We are, as you know, opened at nine.",), "opened at nine", ["P2.1"]),
    (("Card: Junior; Price: 12 €", "Card: Senior; Price: 9 €"), "Kind: Senior; Cost: 9 €.", ["P2.2"]),
    (("A line’s quote — with dashes",), "A line's quote - with dashes", ["P2.1"]),
])  # fmt: skip
def test_a_quote_is_cited_by_the_lines_that_hold_it(lines: tuple[str, ...], quote: str, cites: list[str]) -> None:
    blocks = {"P2": "\n".join(f"P2.{number} {line}" for number, line in enumerate(lines, 1))}
    assert list(passages_of(blocks).holding(quote)) == cites


# Verdicts


def test_each_claim_gets_its_recorded_verdict() -> None:
    said = judge(RecordedModel(BOTH), KEEP.text, ASIDE.text, LIE.text, "Bring biscuits.")
    assert [each["claim"] for each in said["verdicts"]] == ["C1", "C2", "C3", "C4"]
    assert words(said) == [("supported", True), ("supported", False), ("contradicted", True), ("not_stated", True)]


def test_thanks_and_what_an_agent_says_in_other_words_are_nothing_that_a_draft_lacks() -> None:
    said = judge(
        RecordedModel(load([RECORDED])), "Merci pour votre message !", "Hello [NAME_1], yes: on Friday, for 11.90 €.",
        "I have put your parcel on top of my pile.",
    )  # fmt: skip
    assert words(said) == [("not_stated", False), ("supported", True), ("not_stated", False)]


def test_a_masked_claim_is_the_only_one_that_it_can_be() -> None:
    said = judge(RecordedModel(BOTH), "You may [NAME_1] anything for [NUMBER_1] weeks.", "You [NAME_1] it.")
    assert words(said) == [("contradicted", True), ("not_stated", True)]


def test_what_is_asked_is_answered_by_sentences_that_answer_all_of_it_together() -> None:
    model = RecordedModel(BOTH)
    claims = [
        (KEEP.text, COST.text),
        (LIE.text, COST.text),
        (KEEP.text, ASIDE.text),
        (KEEP.text,),
        ("Bring biscuits.",),
    ]
    assert [judge(model, *each)["answers"] for each in claims] == [
        [{"ask": "A1", "answered": answered}] for answered in (True, True, False, False, False)
    ]


def test_each_thing_asked_is_named_once() -> None:
    said = judge(RecordedModel(BOTH), KEEP.text, COST.text, material=given(asks=("how long", "how much")))
    assert said["answers"] == [{"ask": "A1", "answered": True}, {"ask": "A2", "answered": True}]


def test_a_judge_who_does_not_see_the_lines_cannot_find_the_claim() -> None:
    assert words(judge(RecordedModel(BOTH), KEEP.text, material=given(lines=(FINE,)))) == [("not_stated", True)]


def test_greetings_and_signatures_that_nobody_recorded_are_not_relevant_and_a_short_sentence_is() -> None:
    said = judge(RecordedModel(BOTH), "Bonjour Anaïs,", "It costs 9 €.", "A line without its stop, too")
    assert words(said) == [("not_stated", False), ("not_stated", True), ("not_stated", True)]


def test_what_it_says_is_what_klark_takes_of_a_judge() -> None:
    said = judging.read(judge(RecordedModel(BOTH), KEEP.text, COST.text), 2, 1)
    assert (said.answered, [each and each.word for each in said.opinions]) == ((True,), ["supported", "supported"])


def test_noise_turns_the_same_verdicts_round_for_the_same_seed() -> None:
    def drawn(noise: float, seed: int) -> list[str]:
        texts = [f"Sentence number {number}." for number in range(400)]
        many = Recordings(verdicts={letters(text): verdict(text) for text in texts})
        said = judge(RecordedModel(many, Play(noise=noise, seed=seed)), *texts)
        return [each["verdict"] for each in said["verdicts"]]

    assert drawn(0.1, 1) == drawn(0.1, 1) != drawn(0.1, 2)
    assert 20 <= drawn(0.1, 1).count("not_stated") <= 60
    assert (drawn(0.0, 1).count("supported"), drawn(1.0, 1).count("supported")) == (400, 0)


def test_a_weak_judge_errs_in_what_is_hard() -> None:
    def passed(kind: str) -> int:
        texts = [f"Wrong sentence number {number} of the {kind} kind." for number in range(500)]
        many = Recordings(verdicts={letters(text): verdict(text, "contradicted") for text in texts},
                          kinds={letters(text): kind for text in texts})  # fmt: skip
        said = judge(RecordedModel(many, Play(profile="weak")), *texts)
        return sum(each["verdict"] == "supported" for each in said["verdicts"])

    assert (70 <= passed("scope") <= 130, passed("number") <= 25) == (True, True)


def test_a_judge_that_refuses_still_drafts() -> None:
    model = RecordedModel(BOTH, Play(judges=False))
    assert (judge(model, KEEP.text), len(reply(model, given())["sentences"])) == (None, 3)


def test_any_other_request_is_not_understood() -> None:
    with pytest.raises(ValueError, match="only drafts and judges"):
        RecordedModel(BOTH).answer("", {"properties": {"title": {}}})
