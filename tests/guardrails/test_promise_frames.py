"""How frames are read and found: parts in any order, what is left out, what may not stand between, and where a hit lies."""

import pytest

from guardrails.promise_frames import FRAMES, READ, Frame, frame_of, framed
from guardrails.promise_rules import CLASSES, LANGUAGES
from guardrails.promise_words import classes
from guardrails.promised import Promise, folded, promised


def matches(line: str, text: str, language: str = "en") -> bool:
    """Whether a frame, as it is written in the files, is found in a sentence."""
    return bool(list(framed(folded(text), {language: (frame_of("commitment", "", line, classes(language)),)})))


def spans(line: str, text: str) -> list[str]:
    plain = folded(text)
    found = framed(plain, {"en": (frame_of("commitment", "", line, classes("en")),)})
    return [plain[hit.start : hit.stop].strip() for hit in found]


def of(kind: str, language: str) -> list[Frame]:
    return [frame for frame in FRAMES[language] if frame.kind == kind]


@pytest.mark.parametrize(("line", "text", "found"), [
    ("we send", "We send it.", True), ("we send", "We really send it.", True), ("we send", "We must send it.", False),
    ("we .. send", "We must then all send it.", True), ("we .. send", "We a b c d send it.", False),
    ("we ... send", "We a b c d e f g send it.", True), ("we ... send", "We a b c d e f g h send it.", False),
    ("we W send", "We must send it.", True), ("we W send", "We send it.", False),
    ("we W? send", "We send it.", True), ("we W? send", "We must send it.", True),
    ("(we|they) send", "They send it.", True), ("(we|they) send", "You send it.", False),
    ("we (will|can) ? send", "We send it.", True), ("we (will|can)? send", "We can send it.", True),
    ("^ we send", "Then we send it.", False), ("^ we send", "We send it.", True),
    ("send it $", "We send it.", True), ("send it $", "We send it home.", False),
    ("we send*", "We sender it.", True), ("we send", "We sender it.", False),
])  # fmt: skip
def test_a_part_is_words_one_after_the_other(line: str, text: str, found: bool):
    assert matches(line, text) is found


@pytest.mark.parametrize(("line", "text", "found"), [
    ("PAST", "It was rerouted.", True), ("PAST", "It is here.", False),
    ("PAST-MILD", "It was rerouted.", True), ("PAST-MILD", "It was needed.", False),
    ("ING-MILDING-BE", "I am rerouting it.", True), ("ING-MILDING", "I am waiting.", False),
    ("WE W-MILD", "We fix it.", True), ("WE W-MILD $", "We know.", False),
])  # fmt: skip
def test_a_name_stands_for_the_words_of_a_class_less_those_of_others(line: str, text: str, found: bool):
    assert matches(line, text) is found


@pytest.mark.parametrize(("line", "text", "found"), [
    ("we .. send", "We never send it.", False), ("we .. send", "We do not send it.", False),
    ("we NOT send", "We never send it.", True), ("we .. NOT send", "We do not send it.", True),
    ("we ... send", "We ask whether they send it.", False), ("we ... send", "We ask the shop to send it.", True),
])  # fmt: skip
def test_no_gap_leaps_over_a_denial_or_into_another_clause(line: str, text: str, found: bool):
    assert matches(line, text) is found


@pytest.mark.parametrize(("line", "text", "found"), [
    ("we & money", "The money is where we are.", True), ("we & money", "We are here.", False),
    ("we ! money", "We are here.", True), ("we ! money", "We have the money.", False),
    ("we ! money|cash", "We have the cash.", False), ("we & money ! cash ! card", "We want money, no card.", False),
    ("we|they", "They are here.", True), ("we|they", "You are here.", False),
])  # fmt: skip
def test_parts_stand_in_any_order_and_some_may_not_stand_at_all(line: str, text: str, found: bool):
    assert matches(line, text) is found


@pytest.mark.parametrize(("line", "text", "found"), [
    ("is NOW", "It is now closed.", True), ("is NOW", "It is closed.", False), ("is NOW-BE", "It is already here.", True),
    ("is closed", "It is now really closed.", True), ("is now", "It is now closed.", False),
])  # fmt: skip
def test_asides_are_left_out_and_a_now_marks_the_next_word(line: str, text: str, found: bool):
    assert matches(line, text) is found


@pytest.mark.parametrize(("line", "text", "hit"), [
    ("we .. send", "Today we gladly send it to you.", ["we gladly send"]),
    ("we & you", "Tell you what: we care.", ["you what we"]),
    ("it $", "We send it.", ["it"]), ("zebra", "We send it.", []),
])  # fmt: skip
def test_a_hit_says_where_it_lies_in_the_sentence_asides_and_all(line: str, text: str, hit: list[str]):
    assert spans(line, text) == hit


def test_a_sentence_of_another_language_is_not_looked_at():
    assert matches("zzz", "Zzz zzz.", "fr") is False
    assert matches("avis", "Notre avis.", "fr") is True
    assert matches("notre", "Notre avis.", "en") is False


def test_only_the_first_words_of_a_list_are_looked_at():
    assert matches("we send", "the " * (READ - 2) + "we send") is True
    assert matches("we send", "the " * (READ - 1) + "we send") is False


@pytest.mark.parametrize("line", ["(we send", "we (send it"])
def test_an_open_bracket_stops_the_start(line: str):
    with pytest.raises(ValueError, match="a bracket is open"):
        frame_of("commitment", "", line, classes("en"))


def test_an_unknown_name_stops_the_start():
    with pytest.raises(KeyError):
        frame_of("commitment", "", "we NOSUCH", classes("en"))


@pytest.mark.parametrize(("line", "needs"), [
    ("we send", [{"we"}, {"send"}]), ("we W? .. send", [{"we"}, {"send"}]), ("we (now)? send", [{"we"}, {"send"}]),
    ("(we|they) send", [{"we", "they"}, {"send"}]), ("(we all|they) send", [{"we", "they"}, {"send"}]),
    ("(we|W) send", [{"send"}]), ("we|they", [{"we", "they"}]), ("send* it", [{"it"}]), ("W .. $", []),
    ("((we|i) can|they) send", [{"we", "i", "they"}, {"send"}]),
])  # fmt: skip
def test_what_a_cue_needs_is_in_every_sentence_that_has_it(line: str, needs: list[set[str]]):
    cue = frame_of("commitment", "", line, classes("en")).cues[0]
    assert list(map(set, cue.needs)) == needs


@pytest.mark.parametrize(
    ("sort", "general", "done"), [("", False, False), ("general", True, False), ("done", False, True)]
)
def test_a_frame_is_of_the_sort_of_its_heading(sort: str, general: bool, done: bool):
    made = frame_of("refund", sort, "we send", classes("en"))
    assert (made.kind, made.general, made.done) == ("refund", general, done)


@pytest.mark.parametrize(("line", "language", "denies"), [
    ("we send", "en", False), ("we NOT send", "en", True), ("we never send", "en", True), ("rien a payer", "fr", True),
    ("we send ! NOT", "en", False), ("no longer", "en", True), ("nous payons", "fr", False),
])  # fmt: skip
def test_a_frame_with_a_denial_in_it_denies(line: str, language: str, denies: bool):
    assert frame_of("refund", "", line, classes(language)).denies is denies


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_frames_of_every_class(language: str):
    assert {frame.kind for frame in FRAMES[language]} == set(CLASSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_frame_is_found_in_a_sentence_without_words(language: str):
    empty = [frame.kind for frame in FRAMES[language] if all(cue.pattern.search("") for cue in frame.cues)]
    assert empty == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_names_people_to_act_is_never_said_of_a_deed(language: str):
    assert {frame.done for frame in of("commitment", language)} == {False}
    assert any(frame.done for frame in of("action", language))


def test_what_a_list_names_needs_no_frame():
    assert [made.kind for made in promised("We will refund you.")] == ["refund"]
    assert [made.kind for made in promised("I have cancelled your order.")] == ["action"]


def test_a_frame_without_a_speaker_may_be_a_rule_and_one_with_a_speaker_is_none():
    assert {made.general for made in promised("Your next three months will be half price.")} == {True}
    spoken = promised("We can overlook the missing receipt in your case.")
    assert {made.general for made in spoken} == {False}


@pytest.mark.parametrize("text", [
    "You can safely double the dose.", "Vous pouvez doubler la dose sans risque.", "The court will rule in your favour.",
    "Un juge vous donnera raison.", "A bug on our end wiped your settings.", "Ce couac vient de notre côté.",
])  # fmt: skip
def test_advice_and_fault_are_nobodys_rule(text: str):
    assert {made.general for made in promised(text) if made.kind in {"legal", "medical", "fault"}} == {False}


@pytest.mark.parametrize(("text", "kinds"), [
    ("If we made a mistake on your bill, write to billing.", []),
    ("Si nous avons fait une erreur sur la facture, écrivez-nous.", []),
    ("Unfortunately we made a mistake on your bill.", ["fault"]),
    ("You get a mail once your bike has been repainted.", []),
    ("Your bike has been repainted.", ["action"]),
])  # fmt: skip
def test_a_fault_that_is_supposed_and_a_deed_that_is_told_of_are_none(text: str, kinds: list[str]):
    assert [made.kind for made in promised(text)] == kinds


@pytest.mark.parametrize("text", [
    "We are not going to repaint your fence.", "Nous n'allons pas repeindre votre clôture.",
    "I have not repainted your fence.", "Je n'ai pas repeint votre clôture.", "Nobody will ring you at night.",
])  # fmt: skip
def test_a_refusal_in_new_words_is_no_promise(text: str):
    assert promised(text) == ()


def test_a_framed_promise_says_which_words_make_it():
    assert promised("Well, I have repainted your fence.") == (
        Promise("action", "i have repainted your", general=False, done=True, start=5, stop=27),
    )
