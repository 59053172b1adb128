"""Keys that a decision keeps are told in words; everything else stays as it is."""

import pytest

from guardrails.triage.sensitive_topics import CATEGORIES
from klark.delivery.reason_words import kept_words
from klark.delivery.render import render_handover
from klark.values.decision import Decided
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from tests.klark.said import triage


@pytest.mark.parametrize(("reason", "kept", "english", "french"), [
    ("sensitive", "self_harm", "Suicide or self-harm", "Suicide ou automutilation"),
    ("sensitive", "self_harm, of_a_later_klark", "Suicide or self-harm, of_a_later_klark",
     "Suicide ou automutilation, of_a_later_klark"),
    ("unsupported_language", "de", "German", "allemand"), ("unsupported_language", "", "", ""),
    ("unsupported_language", "qq", "qq", "qq"), ("sensitive", "", "", ""),
    ("held_by_guard", "self_harm", "self_harm", "self_harm"),
    ("held_by_guard", "klark.G160 5\nklark.G010", "A date that does not add up: “5”; The reply is empty",
     "Une date incohérente\u00a0: «\u00a05\u00a0»\u00a0; La réponse est vide"),
    ("already_answered", "360000000225", "", ""), ("closed", "closed", "", ""),
    ("not_for_us", "job_application", "a job application", "une candidature"),
    ("outside_rollout", "rollout_percent WAIT ready", "the share of tickets; otherwise wait for approval, answered and supported",
     "la part des tickets\u00a0; sinon attendre une approbation, réponse prête et étayée"),
    *(("outside_rollout", later, later, later) for later in (
        "rollout_moon WAIT ready", "rollout_percent LATER ready", "rollout_percent WAIT of_a_later_klark", "since noon")),
    ("blocked_by_guard", "klark.G160", "A date that does not add up", "Une date incohérente"),
    ("held_by_guard", "A finding as an earlier klark kept it", "A finding as an earlier klark kept it",
     "A finding as an earlier klark kept it"),
    ("of_a_later_klark", "x, y", "x, y", "x, y"),
])  # fmt: skip
def test_keys_are_told_in_words(reason: str, kept: str, english: str, french: str) -> None:
    assert [kept_words(reason, kept, language) for language in ("en", "fr", "fr-ca")] == [english, french, french]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sensitive_topic_has_words(language: str) -> None:
    told = kept_words("sensitive", ", ".join(CATEGORIES), language)
    assert told == ", ".join(category.title[language] for category in CATEGORIES.values())
    assert "_" not in told


@pytest.mark.parametrize(("language", "line"), [
    ("en", "No draft by klark · Suicide or self-harm"), ("fr", "Pas de brouillon de klark · Suicide ou automutilation"),
])  # fmt: skip
def test_a_handover_note_says_the_topic_in_words(language: str, line: str) -> None:
    seen = triage(language=language, sensitive=("self_harm",))
    text = render_handover(Decided("ESCALATE", Reason.SENSITIVE, "self_harm"), seen, "", Rules(), language).text
    assert (text.partition("\n")[0], "self_harm" in text) == (line, False)
