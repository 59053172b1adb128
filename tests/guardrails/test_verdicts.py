"""The verdict a person reads: states, levels, order, and each finding in both languages."""

from dataclasses import replace

from guardrails.base import Finding, Level, Reply, Sentence, Verdict
from guardrails.checks import CHECKS
from guardrails.checks.finding_meanings import CATALOGUE, explain, told, told_of
from guardrails.checks.language import SURE, TELLING, language
from guardrails.checks.length import LONGEST, length
from guardrails.guard import LINE, READABLE, SENTENCES, guard
from tests.guardrails.said import OPTIONS, OWN, ids, reply

FRENCH = "Votre colis est arrivé hier dans notre entrepôt principal, il repart demain matin."
ENGLISH = "Your parcel arrived in our main warehouse yesterday and leaves again tomorrow morning."
GERMAN = "Ihr Paket ist gestern in unserem Lager angekommen und wird morgen früh weitergeleitet."


def gives(*findings: Finding):
    """Checks of one row that give these findings."""
    return {"one": lambda reply, options: list(findings)}


def test_a_verdict_is_as_high_as_its_highest_finding():
    levels = [Level.INFO, Level.BLOCK, Level.HOLD]
    assert Verdict(tuple(Finding("x", level, "") for level in levels), ()).level == Level.BLOCK
    assert Verdict((), ()).level == Level.INFO
    assert Level.INFO < Level.HOLD < Level.BLOCK


def test_findings_keep_the_order_of_the_checks():
    first, second = Finding("klark.G010", Level.HOLD, "a"), Finding("klark.G011", Level.BLOCK, "b")
    checks = {"one": lambda reply, options: [first], "two": lambda reply, options: [second]}
    assert guard(reply("x"), OPTIONS, checks).findings == (first, second)


def test_a_finding_is_one_line_that_a_database_and_a_terminal_take():
    long = Finding("klark.G010", Level.HOLD, "a\nb\tc " + "x" * 900, 0, "\ud800\x00\u202e " + "y" * 900)
    (kept,) = guard(reply("x"), OPTIONS, gives(long)).findings
    assert kept.why == "a b c " + "x" * (LINE - 6)
    assert kept.words.startswith("\\ud800\\x00\\u202e yyy")
    assert kept.words.isprintable()
    mixed = Finding("klark.G010", Level.HOLD, "été \x07", 0, "")
    assert guard(reply("x"), OPTIONS, gives(mixed)).findings[0].why == "été \\x07"
    plain = Finding("klark.G010", Level.HOLD, "déjà vu « ici »", 0, "été")
    assert guard(reply("x"), OPTIONS, gives(plain)).findings == (plain,)


def test_a_reply_is_read_up_to_its_limits_and_not_beyond():
    at, beyond = ("a" * READABLE,), ("a" * (READABLE + 1),)
    many, more = ("a.",) * SENTENCES, ("a.",) * (SENTENCES + 1)
    found = [guard(Reply(tuple(map(Sentence, texts)), "en"), OPTIONS, {}) for texts in (at, beyond, many, more)]
    assert [ids(one) for one in found] == [set(), {"klark.G002"}, set(), {"klark.G002"}]
    assert {one.level for one in found[1::2]} == {Level.BLOCK}


def test_every_check_has_a_name_and_is_silent_on_a_greeting():
    greeting = reply("Hello Anna,")
    assert {name: list(check(greeting, OPTIONS)) for name, check in OWN.items()} == {name: [] for name in OWN}
    assert next(iter(CHECKS)) == "length"
    assert list(CHECKS)[-2:] == ["provenance", "support"]


def test_every_finding_is_told_with_its_words_in_both_languages():
    for entry in CATALOGUE.values():
        finding = Finding(entry.id, Level.HOLD, "why", 0, "le mot")
        assert told(finding, "en") == f"{entry.en}: “le mot”"
        assert told(finding, "fr") == f"{entry.fr}\u00a0: «\u00a0le mot\u00a0»"
        assert told_of(entry.id, "", "fr") == entry.fr == explain(entry.id, "fr")
        assert told_of(entry.id, "", "de") == entry.en
    assert told_of("klark.G777", "x", "en") == "klark.G777: “x”"


def test_the_ids_are_in_order_and_each_meaning_stands_once():
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert (
        len({entry.en for entry in CATALOGUE.values()})
        == len({entry.fr for entry in CATALOGUE.values()})
        == len(CATALOGUE)
    )


def test_the_language_is_the_policys_or_else_the_tickets():
    assert [finding.id for finding in language(reply(FRENCH, language="en"), OPTIONS)] == ["klark.G020"]
    assert language(reply(FRENCH, language="fr-CA"), OPTIONS) == []
    assert language(reply(FRENCH, language="en"), replace(OPTIONS, language="FR")) == []
    assert language(reply(GERMAN, language="de"), OPTIONS) == []
    assert language(reply(FRENCH, language=""), OPTIONS) == []


def test_a_reply_in_two_languages_is_held():
    half = Reply((Sentence(FRENCH), Sentence(ENGLISH)), "fr")
    found = language(half, OPTIONS)
    assert [(finding.id, finding.level, finding.sentence) for finding in found] == [("klark.G022", Level.HOLD, 1)]


def test_names_buttons_and_short_sentences_make_no_other_language():
    texts = [
        "Cliquez sur « Settings » puis sur « Save changes » pour enregistrer votre choix de lampe.",
        "OK, merci.",
        "Hello Anna,",
    ]
    assert {text: language(reply(text, language="fr"), OPTIONS) for text in texts} == {text: [] for text in texts}
    assert (TELLING > 0, 0.5 < SURE < 1) == (True, True)


def test_a_letter_or_a_figure_makes_a_reply_and_a_mark_does_not():
    assert {text: bool(length(reply(text), OPTIONS)) for text in ("a", "5", "é", "你", "…", "😀", "", "\ud800", "—")} == {
        "a": False, "5": False, "é": False, "你": False, "…": True, "😀": True, "": True, "\ud800": True, "—": True,
    }  # fmt: skip
    assert [len(length(reply("a" * size), OPTIONS)) for size in (LONGEST, LONGEST + 1)] == [0, 1]
