"""The same thing with other figures is told; different things, and the same figures, are not."""

import pytest

from klark.models import within
from klark.steps.contradictions import contradictions
from tests.klark import rows

pytestmark = pytest.mark.django_db


def told(*texts: str, language: str = "en") -> list[tuple[str, str]]:
    """Older and newer sentence of each, of articles with these texts."""
    tenant_id = rows.tenant()
    for number, text in enumerate(texts):
        rows.article(tenant_id, f"Article {number}", f"<p>{text}</p>", language=language)
    with within(tenant_id):
        return [(each.older.sentence, each.newer.sentence) for each in contradictions(tenant_id)]


def test_other_figures_for_the_same_thing_contradict_each_other() -> None:
    old, new = "You may return an item within 30 days.", "Items may be returned within 14 days."
    assert told(old, new) == [(old, new)]


def test_french_counts_as_well() -> None:
    old, new = "Le retour est gratuit sous 30 jours ouvrés.", "Le retour est gratuit sous 14 jours ouvrés."
    assert told(old, new, language="fr") == [(old, new)]


@pytest.mark.parametrize(("one", "other"), [
    ("You may return an item within 30 days.", "You may return an item within 30 days."),
    ("You may return an item within 30 days.", "Delivery to Belgium takes 3 working days."),
    ("You may return an item within 30 days.", "You may return an item any time."),
    ("Delivery to Belgium takes 3 days.", "Delivery to Switzerland takes 5 days."),
    ("Call 12.", "Call 14."),
    ("Send it back in 30 days with 2 labels.", "Send it back in 30 days."),
])  # fmt: skip
def test_what_does_not_contradict_is_left_alone(one: str, other: str) -> None:
    assert told(one, other) == []


def test_one_article_may_give_several_figures() -> None:
    assert told("A return of an item takes 30 days. A return of an item takes 14 days.") == []


def test_two_articles_are_told_of_once() -> None:
    pairs = "Returns of items take {} days. Refunds of items take {} weeks."
    assert len(told(pairs.format(30, 2), pairs.format(14, 3))) == 1


def test_what_was_withdrawn_and_what_others_say_contradicts_nothing() -> None:
    tenant_id, other = rows.tenant(), rows.tenant("zeta")
    rows.article(tenant_id, "Returns", "<p>You may return an item within 30 days.</p>")
    rows.article(tenant_id, "Returns", "<p>You may return an item within 14 days.</p>")
    rows.article(other, "Returns", "<p>You may return an item within 7 days.</p>")
    with within(tenant_id):
        assert contradictions(tenant_id) == ()
