"""The guard gathers everything, fails closed, and always ends."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.base import Finding, Level, Options, Reply, Sentence, Source
from guardrails.checks.finding_meanings import CATALOGUE, explain
from guardrails.guard import READABLE, SENTENCES, guard
from tests.guardrails.said import OPTIONS, OWN, ids, reply, verdict
from tests.letters import ANY

RULE = "Refunds are paid within 14 days to the original payment method."


def broken(reply: Reply, options: Options) -> Sequence[Finding]:
    raise RuntimeError("no")


def noted(reply: Reply, options: Options) -> Sequence[Finding]:
    return [Finding("klark.G999", Level.INFO, "noted", 0)]


def test_whoever_reads_is_nobody_known_unless_somebody_says_so():
    """Fails closed: a caller who forgets it gets the finding, not the leak."""
    own = Source("crm", "Ships on: 2026-11-27.", personal=True)
    told = guard(Reply((Sentence("Ships on: 2026-11-27.", (own,)),), "en"), Options(), OWN)
    assert [finding.id for finding in told.findings] == ["klark.G085"]


def test_a_reply_that_its_judge_supports_passes_with_a_state_for_each_sentence():
    source = (Source("a1", RULE),)
    sentences = (Sentence("Refunds are paid within two weeks.", source), Sentence(RULE, source))
    found = guard(Reply(sentences, "en"), OPTIONS)
    assert (found.findings, found.level, found.states) == ((), Level.INFO, ("SUPPORTED", "COPIED"))


def test_a_false_reckoning_is_contradicted_whatever_the_judge_says():
    found = verdict("25 November 2026 is a Tuesday.", "Closed on 25 November 2026.")
    assert (found.states, found.level, found.never_alone) == (("CONTRADICTED",), Level.HOLD, True)


def test_a_check_that_raises_holds_with_its_name_and_the_others_still_speak():
    found = guard(reply("Hello,"), OPTIONS, {"broken": broken, "noted": noted})
    assert [(finding.id, finding.words) for finding in found.findings] == [("klark.G000", "broken"), ("klark.G999", "")]
    assert (found.level, found.never_alone) == (Level.HOLD, True)
    assert found.states == ("UNJUDGED",)


def test_what_the_deadline_does_not_reach_is_held():
    found = guard(reply("Hello,"), OPTIONS, {"noted": noted}, deadline_s=0)
    assert [(finding.id, finding.level, finding.words) for finding in found.findings] == [
        ("klark.G001", Level.HOLD, "noted")
    ]
    assert found.never_alone


@pytest.mark.parametrize(
    "sentences",
    [
        ("a" * 2_000_000,),
        ("ab. ",) * 10_000,
        ("😀" * (READABLE - 1),),
        ("\ud800" * (READABLE - 1),),
        ("аb " * 6_000,),
        ("1 " * 9_000,),
        ("we will " * 2_000,),
        ("nous vous " * 1_900,),
        ("a.b " * 4_500,),
        ("unless not only " * 1_200,),
        ("ab. ",) * SENTENCES,
        (),
        ("",),
        ("\x00",),
    ],
    ids=lambda sentences: f"{len(sentences)}x{sentences[0][:6]!a}" if sentences else "none",
)
def test_whatever_the_reply_there_is_a_verdict(sentences: tuple[str, ...]):
    source = Source("a1", "unless a b " * 1_000, around="word " * 20_000)
    hostile = Reply(tuple(Sentence(text, (source,)) for text in sentences), "en", "t " * 1_000_000)
    found = guard(hostile, OPTIONS)
    assert len(found.states) == len(sentences)
    assert "klark.G000" not in ids(found)
    assert found.level >= Level.HOLD


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text(ANY, max_size=60), st.text(ANY, max_size=60)), max_size=4),
    st.sampled_from(["fr", "en", ""]),
)
def test_any_text_has_a_verdict_and_findings_that_can_be_kept(pairs: list[tuple[str, str]], language: str):
    found = guard(Reply(tuple(Sentence(text, (Source("a", source),)) for text, source in pairs), language), OPTIONS)
    assert len(found.states) == len(pairs)
    for finding in found.findings:
        assert finding.id in CATALOGUE
        assert finding.id != "klark.G000", finding.why
        assert "\n" not in finding.why
        finding.why.encode()
        finding.words.encode()


def test_every_finding_is_explained_in_both_languages_with_a_hit_and_a_miss():
    for entry in CATALOGUE.values():
        assert all((entry.en, entry.fr, entry.hit, entry.miss))
        assert explain(entry.id, "fr") == entry.fr != explain(entry.id, "en") == entry.en
    assert explain("klark.G777", "fr") == "klark.G777"


SHOWN = [entry for entry in CATALOGUE.values() if not entry.hit.startswith("(") and entry.id != "klark.G020"]


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.id)
def test_the_example_of_a_hit_hits_and_that_of_a_miss_misses(entry):
    around = "See https://shop.example/a"
    assert entry.id in ids(verdict(entry.hit))
    assert entry.id not in ids(
        verdict(entry.miss, around, around=around) if "http" in entry.miss else verdict(entry.miss)
    )


def test_a_new_check_is_one_function_and_one_row():
    found = guard(reply("Hello,"), OPTIONS, {**OWN, "noted": noted})
    assert [finding.id for finding in found.findings] == ["klark.G999"]
