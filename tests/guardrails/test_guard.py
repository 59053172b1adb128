"""The guard gathers everything, fails closed, and always ends."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.base import Finding, Level, Options, Reply, Sentence, Source
from guardrails.checks import CHECKS
from guardrails.checks.catalogue import CATALOGUE, explain
from guardrails.guard import READABLE, SENTENCES, guard
from tests.guardrails.said import OPTIONS, ids, reply, verdict

CASES = Path(__file__).parents[1] / "cases" / "guard"
RULE = "Refunds are paid within 14 days to the original payment method."


def cases() -> list[dict[str, str]]:
    """All cases of both languages."""
    lines = (line for path in sorted(CASES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines]


def broken(reply: Reply, options: Options) -> Sequence[Finding]:
    raise RuntimeError("no")


def noted(reply: Reply, options: Options) -> Sequence[Finding]:
    return [Finding("klark.G999", Level.INFO, "noted", 0)]


def test_whoever_reads_is_nobody_known_unless_somebody_says_so():
    """Fails closed: a caller who forgets it gets the finding, not the leak."""
    own = Source("crm", "Ships on: 2026-11-27.", personal=True)
    told = guard(Reply((Sentence("Ships on: 2026-11-27.", (own,)),), "en"), Options())
    assert [finding.id for finding in told.findings] == ["klark.G085"]


def test_a_faithful_reply_passes_with_a_state_for_each_sentence():
    sentences = (
        Sentence("Hello Anna,"),
        Sentence("Refunds are paid within two weeks to the original payment method.", (Source("a1", RULE),)),
        Sentence("Kind regards,"),
    )
    found = guard(Reply(sentences, "en"), OPTIONS)
    assert found.findings == ()
    assert found.level == Level.INFO
    assert found.states == ("COURTESY", "SUPPORTED", "COURTESY")


def test_an_instruction_from_a_source_keeps_its_class():
    assert verdict("Click Save to finish.", "To finish, click Save.").states == ("INSTRUCTION",)
    assert verdict("Click Save to finish.").states == ("UNSUPPORTED",)


def test_a_contradicted_sentence_and_an_unfounded_one_have_their_states():
    assert verdict("Refunds are paid within 9 days.", RULE).states == ("CONTRADICTED",)
    assert verdict("Our founders met at a music festival.", RULE).states == ("UNSUPPORTED",)
    assert verdict("Refunds are paid within 9 days.").states == ("UNSUPPORTED",)
    assert verdict("The lamp flickers.", "The lamp might flicker.").states == ("UNSUPPORTED",)


def test_a_check_that_raises_holds_with_its_name_and_the_others_still_speak():
    found = guard(reply("Hello,"), OPTIONS, {"broken": broken, "noted": noted})
    assert [(finding.id, finding.words) for finding in found.findings] == [("klark.G000", "broken"), ("klark.G999", "")]
    assert found.level == Level.HOLD
    assert found.states == ("UNSUPPORTED",)


def test_what_the_deadline_does_not_reach_is_held():
    found = guard(reply("Hello,"), OPTIONS, {"noted": noted}, deadline_s=0)
    assert [(finding.id, finding.level, finding.words) for finding in found.findings] == [
        ("klark.G001", Level.HOLD, "noted")
    ]


def test_a_judge_that_raises_holds_and_hides_no_other_finding():
    def ask(claim: str, sources: Sequence[str]) -> bool:
        raise TimeoutError

    found = verdict("Refunds are paid within 9 days.", RULE, options=replace(OPTIONS, ask=ask))
    assert {"klark.G000", "klark.G093"} <= ids(found)


def test_a_judge_can_only_add():
    doubting = replace(OPTIONS, ask=lambda claim, sources: True)
    trusting = replace(OPTIONS, ask=lambda claim, sources: False)
    faithful = "Refunds are paid within two weeks to the original payment method."
    assert ids(verdict(faithful, RULE, options=doubting)) == {"klark.G130"}
    assert "klark.G093" in ids(verdict("Refunds are paid within 9 days.", RULE, options=trusting))


def test_the_tenants_own_closing_needs_no_source():
    own = replace(OPTIONS, closing=("The Shop team. Call 01 23 45 67 89, we reply within 2 days.",))
    assert verdict("The Shop team.", options=own).findings == ()
    assert verdict("Call 01 23 45 67 89, we reply within 2 days.", options=own).states == ("SUPPORTED",)
    assert "klark.G083" in ids(verdict("Call 01 23 45 67 90, we reply within 2 days.", options=own))


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
@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=4), st.sampled_from(["fr", "en", ""]))
def test_any_text_has_a_verdict_and_findings_that_can_be_kept(pairs: list[tuple[str, str]], language: str):
    found = guard(Reply(tuple(Sentence(text, (Source("a", source),)) for text, source in pairs), language), OPTIONS)
    assert len(found.states) == len(pairs)
    for finding in found.findings:
        assert finding.id in CATALOGUE
        assert finding.id != "klark.G000", finding.why
        assert "\n" not in finding.why
        finding.why.encode()
        finding.words.encode()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_a_forged_sentence_is_flagged_and_a_faithful_one_is_not(case: dict[str, str]):
    sources = (case["source"],) if case["source"] else ()
    found = verdict(case["text"], *sources, language=case["lang"], ticket=case.get("ticket", ""))
    assert (found.level >= Level.HOLD) == case["flag"], [finding.why for finding in found.findings]


def test_there_are_cases_enough_of_every_kind():
    kinds = [(case["lang"], case["kind"]) for case in cases()]
    assert len(kinds) >= 150
    assert {kind for _, kind in kinds} >= {
        "reworded",
        "number",
        "date",
        "negated",
        "condition",
        "entity",
        "invented",
        "promise",
        "link",
    }


SOURCES = sorted({case["source"] for case in cases() if case["source"] and "http" not in case["source"]})


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(SOURCES), min_size=1, max_size=3, unique=True),
    st.sampled_from(["{}", "« {} »", "  {}", "- {}"]),
    st.sampled_from([str, str.upper, str.lower, lambda text: text.rstrip(".")]),
    st.sampled_from(["fr", "en"]),
)
def test_a_sentence_copied_from_a_cited_source_is_never_flagged(sources, frame, change, language):
    copied = frame.format(change(sources[0]))
    passage = " ".join(sources)
    judged = guard(
        Reply((Sentence(copied, tuple(Source("a", text, around=passage) for text in sources)),), language),
        OPTIONS,
        {name: CHECKS[name] for name in ("promises", "values", "grounding")},
    )
    assert judged.findings == ()


def test_a_part_of_a_source_sentence_is_no_copy_of_it():
    rule = "Refunds are possible unless the item is worn."
    assert "klark.G113" in ids(verdict("Refunds are possible.", rule))


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
    found = guard(reply("Hello,"), OPTIONS, {**CHECKS, "noted": noted})
    assert [finding.id for finding in found.findings] == ["klark.G999"]
