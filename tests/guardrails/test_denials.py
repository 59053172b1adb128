"""A denial that came in or got lost is seen though its words are denied or affirmed elsewhere in the sentence."""

import pytest

from guardrails.base import Level, Source
from guardrails.checks.grounding import NEGATION, grounding
from guardrails.denials import Denial, denials, miscounted
from guardrails.polarity import polarity
from guardrails.support import Evidence, gather
from guardrails.words import read
from tests.guardrails.said import OPTIONS, reply


def evidence(claim: str, source: str, language: str) -> Evidence:
    return gather(claim, (Source("a1", source),), language)


SOURCES = {
    "hive": ("en", "The hive is sealed if it was not treated in autumn."),
    "kiln": ("en", "The kiln is not opened until it is cold, and the glaze is checked every hour."),
    "boat": ("en", "You can moor the boat here if you do not have a permit yet."),
    "post": ("en", "The choir posts the score, and lost scores are not replaced."),
    "clay": ("en", "Without a glaze, the clay does not keep water."),
    "soft": ("en", "Don't just rinse the brush, soak it."),
    "anneau": ("fr", "L'anneau est repris si la redevance n'est pas réglée."),
    "ruche": ("fr", "La ruche ne s'ouvre pas en hiver, mais le miel se vend toute l'année."),
    "saurait": ("fr", "Le moniteur ne peut pas annuler l'examen."),
    "ni": ("fr", "Le bac ne prend ni les vélos ni les chiens."),
    "doivent": ("fr", "Les caméras doivent être tournées de la façon la moins gênante possible."),
}
DENIED = [
    ("hive", "The hive is not sealed if it was not treated in autumn."),
    ("hive", "If it was not treated in autumn, the hive isn't sealed."),
    ("kiln", "The kiln is not opened until it is cold, and the glaze is not checked every hour."),
    ("boat", "You cannot moor the boat here if you do not have a permit yet."),
    ("boat", "You are not able to moor the boat here if you do not have a permit yet."),
    ("post", "The choir does not then post the score, and lost scores are not replaced."),
    ("anneau", "L'anneau n'est pas repris si la redevance n'est pas réglée."),
    ("ruche", "La ruche ne s'ouvre pas en hiver, mais le miel ne se vend pas toute l'année."),
]
AFFIRMED = [
    ("hive", "The hive is sealed if it was treated in autumn."),
    ("kiln", "The kiln is opened until it is cold, and the glaze is checked every hour."),
    ("post", "The choir posts the score, and lost scores are replaced."),
    ("clay", "Without a glaze, the clay does keep water."),
    ("saurait", "Le moniteur peut annuler l'examen."),
    ("ruche", "La ruche s'ouvre en hiver, mais le miel se vend toute l'année."),
]
KEPT = [
    ("hive", "If it wasn't treated in autumn, the hive is sealed."),
    ("hive", "The hive is sealed unless it was treated in autumn."),
    ("kiln", "Open the kiln only once it is cold."),
    ("kiln", "The glaze is checked every hour."),
    ("boat", "Even without a permit you can moor the boat here."),
    ("post", "Lost scores aren't replaced."),
    ("clay", "Clay that has no glaze does not keep water."),
    ("soft", "Don't rinse the brush only, soak it."),
    ("soft", "Do not rinse the brush, soak it."),
    ("anneau", "Sans règlement de la redevance, l'anneau est repris."),
    ("saurait", "Le moniteur ne saurait annuler l'examen."),
    ("saurait", "Il est impossible au moniteur d'annuler l'examen."),
    ("ni", "Le bac ne prend pas les vélos, ni les chiens."),
]


@pytest.mark.parametrize(("name", "claim"), DENIED)
def test_a_denial_that_came_in_is_seen(name: str, claim: str):
    language, source = SOURCES[name]
    found = miscounted(evidence(claim, source, language))
    assert found is not None
    assert (found.kind, found.contradicts, "denies what" in found.why) == ("negation", False, True)


@pytest.mark.parametrize(("name", "claim"), AFFIRMED)
def test_a_denial_that_got_lost_is_seen(name: str, claim: str):
    language, source = SOURCES[name]
    found = miscounted(evidence(claim, source, language))
    assert found is not None
    assert "no longer denies" in found.why


@pytest.mark.parametrize(("name", "claim"), KEPT)
def test_a_denial_said_by_another_word_is_let_go(name: str, claim: str):
    language, source = SOURCES[name]
    assert miscounted(evidence(claim, source, language)) is None


def test_a_source_has_as_many_denials_as_itself():
    found = [miscounted(evidence(source, source, language)) for language, source in SOURCES.values()]
    assert found == [None] * len(SOURCES)


def test_a_claim_without_a_source_is_no_matter_of_this():
    assert miscounted(gather("The hive is not sealed.", (), "en")) is None


def test_the_finding_has_the_id_of_a_negation():
    language, source = SOURCES["boat"]
    found = grounding(reply(DENIED[4][1], source, language=language), OPTIONS)
    assert {one.id for one in found} == {NEGATION}
    assert max(one.level for one in found) >= Level.HOLD


def counted(text: str, language: str) -> list[tuple[str, bool]]:
    return [(one.word, one.tells) for one in denials(read(text, language), language)]


def test_each_denial_is_counted_once():
    assert counted("Le bac ne part pas et ne revient jamais.", "fr") == [("ne", True), ("ne", True)]
    assert counted("La ruche ne saurait s'ouvrir.", "fr") == [("ne", True)]
    assert counted("Neither bees nor wasps sting here.", "en") == [("neither", True)]
    assert counted("It can't be opened without a key.", "en") == [("not", True), ("without", False)]
    assert counted("That is impossible.", "en") == [("impossible", False)]


def test_words_that_deny_no_clause_are_not_counted():
    texts = (
        "No, the hive is open.",
        "Not only bees come.",
        "No more than ten bees come.",
        "Whether it opens or not, wait.",
    )
    assert [counted(text, "en") for text in texts] == [[], [], [], []]
    french = ("Non, la ruche est ouverte.", "Il ne vend que du miel.", "Il ne vend pas seulement du miel.")
    assert [counted(text, "fr") for text in french[:2]] == [[], []]


def test_a_denial_knows_the_words_on_both_its_sides():
    (found,) = denials(read("In winter, the old hive is not opened by children.", "en"), "en")
    assert found == Denial("not", frozenset({"old", "hive"}), frozenset({"open", "child"}), tells=True)


def test_an_exception_that_both_texts_have_excuses_no_denial():
    """ "Unless" may say what "must" says, but not where the other text has its "unless" too."""
    source = "The log may not be shown, except to the harbour master, and only with his consent."
    claim = "The log may be shown, except to the harbour master, and only with his consent."
    assert polarity(evidence(claim, source, "en")) or miscounted(evidence(claim, source, "en"))


def test_the_least_of_something_is_no_exception():
    language, source = SOURCES["doivent"]
    found = polarity(
        evidence("Les caméras ne doivent pas être tournées de la façon la moins gênante possible.", source, language)
    )
    assert found is not None
    assert found.kind == "negation"


def test_what_is_merely_needed_is_no_duty():
    source = "Without a glaze, the pot does not keep the required shape."
    assert polarity(evidence("Without a glaze, the pot does keep the required shape.", source, "en")) is not None


def test_to_look_over_a_letter_sets_no_limit():
    assert (
        polarity(evidence("Your task is not to look over a letter.", "Your task is to review a letter.", "en"))
        is not None
    )


def test_as_long_as_none_is_late_says_the_same_as_unless_one_is():
    source = "You can pause the plan unless a payment is overdue."
    assert polarity(evidence("As long as no payment is overdue, you can pause the plan.", source, "en")) is None
    assert polarity(evidence("As long as a payment is overdue, you can pause the plan.", source, "en")) is None
