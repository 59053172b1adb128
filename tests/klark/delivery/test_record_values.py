"""What is kept of a run as plain values, and how klark's words are told to people."""

from dataclasses import replace
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from django.utils import timezone

from guardrails.base import Finding, Level, Options, Reply, Sentence, Source, Verdict
from klark.delivery.record import finding_records, sentence_records
from klark.drafting.request import guard_options
from klark.retrieval.ticket_query import languages
from klark.values.decision import Decided
from klark.values.draft import DraftAnswer
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.wording import language_words, mood_words, state_words
from tests.klark.said import CAMILLE, comment, found, ticket, triage

# What is kept of a draft

SOURCE = Source("delivery", "It takes 3 days.", "Delivery", "https://help.example.com/d", "It takes 3 days.")
VERDICT = Verdict((Finding("klark.G090", Level.HOLD, "a number", 0, "5"),), ("SUPPORTED",))
THOUGHT = RunRecord(triage(), Decided("NOTE", Reason.HELD_BY_GUARD), (found(1),),
                  DraftAnswer("all", Reply((Sentence("Three days.", (SOURCE,)),), "en", "?")), VERDICT)  # fmt: skip


def test_each_sentence_is_kept_with_its_state_and_its_source() -> None:
    (record,) = sentence_records(THOUGHT)
    assert (record["text"], record["state"]) == ("Three days.", "SUPPORTED")
    assert [(source["article"], source["text"], source["title"]) for source in record["sources"]] == [
        ("delivery", "It takes 3 days.", "Delivery")
    ]


def test_a_run_without_a_draft_keeps_no_sentence() -> None:
    assert (sentence_records(RunRecord(triage(), Decided("SKIP", Reason.SPAM))), finding_records(Verdict((), ()))) == (
        [],
        [],
    )


def test_a_finding_is_kept_by_its_level_by_name() -> None:
    assert finding_records(VERDICT) == [
        {"id": "klark.G090", "level": "HOLD", "why": "a number", "sentence": 0, "words": "5", "never_alone": False}
    ]


@pytest.mark.parametrize(
    ("language", "spoken", "expected"),
    [
        ("fr", ("en", "fr"), ("fr", "en")), ("en", ("en", "fr"), ("en", "fr")), (None, ("fr",), ("en", "fr")),
        ("de", ("en", "fr"), ("de", "en", "fr")), ("fr", (), ("fr",)),
    ],
)  # fmt: skip
def test_passages_are_looked_for_in_the_tickets_language_first(
    language: str | None, spoken: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert languages(triage(language=language), Rules(languages=spoken)) == expected


def test_the_checks_are_told_what_the_policy_lets_pass() -> None:
    rules = Rules(trusted_domains=frozenset({"a.example"}), forbidden_phrases=("free",), time_zone="Pacific/Auckland")
    with patch.object(timezone, "now", lambda: datetime(2026, 11, 25, 23, tzinfo=UTC)):  # the next day over there
        dated = ticket(
            comment(1, created_at=datetime(2026, 11, 25, 22, tzinfo=UTC)), requester=replace(CAMILLE, name="")
        )
        options = guard_options(rules, triage(language="fr"), ticket=dated)
    assert options == Options(
        trusted_domains=frozenset({"a.example"}), forbidden_phrases=("free",),
        language="fr", reader="known", today=date(2026, 11, 26),
    )  # fmt: skip


def test_nothing_is_reckoned_from_today_where_the_ticket_has_no_date() -> None:
    assert guard_options(Rules(), triage(), ticket=ticket()).today is None


# How it is told

TOLD: tuple[tuple[str, str, str], ...] = (
    (state_words("SUPPORTED", "en"), state_words("SUPPORTED", "fr"), "supported/étayée"),
    (state_words("CONTRADICTED", "en"), state_words("CONTRADICTED", "fr-CA"), "contradicted/contredite"),
    (state_words("UNSUPPORTED", "de"), state_words("UNSUPPORTED", "fr"), "not supported/non étayée"),
    (mood_words("upset", "en"), mood_words("upset", "fr"), "upset/bouleversé"),
    (mood_words("puzzled", "en"), mood_words("puzzled", "fr"), "puzzled/puzzled"),
    (language_words("nl", "en"), language_words("nl", "fr"), "Dutch/néerlandais"),
    (language_words("ja", "en"), language_words("ja", "fr"), "Japanese/japonais"),
    (language_words(None, "en"), language_words("", "fr"), "not known/inconnue"),
)


@pytest.mark.parametrize(("english", "french", "expected"), TOLD)
def test_a_word_in_both_languages(english: str, french: str, expected: str) -> None:
    assert f"{english}/{french}" == expected
