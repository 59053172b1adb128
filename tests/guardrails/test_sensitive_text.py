"""A ticket as the rules for sensitive topics see it, and each topic's plainest words beside their innocent readings."""

import pytest

from guardrails.sensitive import sensitive
from guardrails.sensitive_categories import CATEGORIES
from guardrails.sensitive_patterns.base import blocks
from guardrails.sensitive_text import plain

HITS = {
    "self_harm": ("I want to kill myself.", "je veux mourir", "I wish I was never born", "je pense au suicide"),
    "violence_threat": (
        "I will kill you all",
        "je vais tous vous tuer",
        "your driver punched me",
        "le livreur m'a frappé",
    ),
    "child_safety": (
        "he touched my daughter",
        "an adult asked my son for nude pictures",
        "ma fille a été agressée par votre employé",
    ),
    "medical_safety": (
        "the battery burned my hand",
        "I had an allergic reaction",
        "je suis à l'hôpital à cause de votre produit",
    ),
    "data_breach": (
        "I can see another customer's orders in my account",
        "je vois les factures d'un autre client",
        "your data leaked",
    ),
    "account_takeover": ("my account was hacked", "mon compte a été piraté", "someone changed my password"),
    "payment_fraud": (
        "my card was used fraudulently",
        "c'est une arnaque, on m'a débité sans mon accord",
        "this payment is fraud",
    ),
    "legal_threat": ("my lawyer will contact you", "je vais porter plainte", "see you in court", "mise en demeure"),
    "regulator": ("I will report you to the ombudsman", "je saisis le médiateur", "je vais signaler à la DGCCRF"),
    "gdpr_request": (
        "delete all my personal data",
        "je demande la suppression de mes données personnelles",
        "GDPR request",
    ),
    "bereavement": ("my late husband's account", "ma mère est décédée", "my father passed away"),
    "discrimination_harassment": (
        "your agent made a racist remark",
        "votre vendeur m'a fait une remarque raciste",
        "I was harassed",
    ),
    "press_media": ("I am a journalist", "je suis journaliste", "I will go to the newspapers"),
    "minors": ("I am 14 years old", "j'ai 13 ans et je voudrais acheter", "my child bought it without asking"),
    "accessibility_vulnerable": ("I am blind and cannot read it", "je suis malvoyant", "je suis en fauteuil roulant"),
}
INNOCENT = [
    "The suicide squad poster arrived torn.", "This bug kills my battery.", "It is to die for!",
    "The kill switch is broken.", "Je meurs d'envie de l'essayer.", "C'est mortel, merci !", "La batterie est morte.",
    "The plant died.", "Dead pixels on the screen.", "My kids love the lamp.", "Le siège enfant est arrivé.",
    "Is it safe for children?", "Is the pillow hypoallergenic?", "Where is my order?", "Where do I change my password?",
    "Je veux changer mon mot de passe.", "My card has expired.", "Ma carte a expiré.",
    "The lawyer's desk lamp is nice.", "The press button sticks.", "Le bouton pressoir est dur.",
    "How do I delete an item from my basket?", "Comment supprimer un article ?", "The blind for my window is late.",
    "Is the ramp in stock?", "The 14 inch screen blinks.", "J'ai 13 commandes.",
]  # fmt: skip


def found(text: str) -> set[str]:
    return {one.category for one in sensitive(text)}


@pytest.fixture
def by_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules alone, without the model that hears the rest."""
    monkeypatch.setattr("guardrails.sensitive.heard", lambda *_: None)


def test_a_text_is_lower_case_unaccented_and_its_sentences_divided():
    said = {
        "Où EST mon colis ?": " ou est mon colis . ",
        "It broke. Help!": " it broke . help . ",
        "3.50 € or 1.5 l": " 3 50 or 1 5 l ",
        "one\n\ntwo": " one . two ",
        "one\ntwo": " one two ",
        "wait... what?!": " wait . what . ",
        "a_b-c/d": " a b c d ",
        "": "  ",
        "😀😀": "  ",
        "\ud800": "  ",
    }
    assert {text: plain(text) for text in said} == said


def test_apostrophes_close_up_in_english_and_open_in_french():
    said = {
        "I don't, you can't": " i dont you cant ", "I'm I’ve we'll they're he'd": " im ive well theyre hed ",
        "l'avocat d’ici": " l avocat d ici ", "j'ai qu`il": " j ai qu il ", "mum's": " mum s ",
    }  # fmt: skip
    assert {text: plain(text) for text in said} == said


def test_short_forms_of_hurried_writers_are_written_out():
    said = {
        "jsuis chui jai jveux": "je suis je suis j ai je veux",
        "pcq qd tt bcp pr ds": "parce que quand tout beaucoup pour dans", "mdp cest ct": "mot de passe c est c etait",
        "u ur acct pw ppl": "you your account password people", "some1 any1 cuz": "someone anyone because",
        "qqun qqn": "quelqu un quelqu un",
    }  # fmt: skip
    assert {text: plain(text).strip() for text in said} == said


def test_slips_in_words_that_matter_are_mended_and_other_words_left():
    said = {
        "suicde": "suicide", "avocta": "avocat", "fraudulant": "fraudulent", "pasword": "password",
        "suuuuicide": "suicide", "lawyeer": "lawyer", "decedee": "decedee", "hackked": "hacked", "lamp": "lamp",
        "order": "order", "zorvek": "zorvek", "fraise": "fraise", "plaint": "plaint", "s1uicide": "s1uicide",
    }  # fmt: skip
    assert {word: plain(word).strip() for word in said} == said


def test_the_plainest_words_of_each_topic_are_found_by_rules(by_rules: None):
    missed = {text: topic for topic, texts in HITS.items() for text in texts if topic not in found(text)}
    assert (missed, set(CATEGORIES) - set(HITS)) == ({}, {"vip_complaint_abuse"})


def test_innocent_uses_of_the_same_words_are_left_alone_by_rules(by_rules: None):
    assert {text: found(text) for text in INNOCENT if found(text)} == {}


def test_an_ordinary_question_beside_a_topic_does_not_hide_it(by_rules: None):
    frame = "Hello, where is my order 12345? {} Also, how long does delivery take? Thanks, Anna"
    missed = [
        text
        for topic, texts in HITS.items()
        for text in texts
        if topic not in found(frame.format(text.rstrip(".") + "."))
    ]
    assert missed == []


def test_a_topic_is_found_shouted_and_without_accents(by_rules: None):
    missed = [text for topic, texts in HITS.items() for text in texts if topic not in found(text.upper())]
    assert missed == []


def test_the_critical_topics_of_a_ticket_come_before_the_others(by_rules: None):
    text = " ".join(f"{texts[0].rstrip('.')}." for texts in reversed(HITS.values()))
    order = [one.category for one in sensitive(text)]
    critical = [CATEGORIES[topic].critical for topic in order]
    assert (set(order) >= set(HITS), critical == sorted(critical, reverse=True)) == (True, True)


def test_the_words_that_decide_stand_in_the_ticket(by_rules: None):
    for texts in HITS.values():
        for text in texts:
            seen = plain(text)
            assert [one for one in sensitive(text) if any(part not in seen for part in one.words.split(" … "))] == []


def test_the_start_and_the_end_of_a_long_ticket_are_read_and_its_middle_is_not(
    by_rules: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("guardrails.sensitive.READ", 400)
    long = "where is my order ? " * 100
    middle = len(long) // 2
    hit = "I want to kill myself. "
    assert [found(text) for text in (hit + long, long + hit, long[:middle] + hit + long[middle:])] == [
        {"self_harm"},
        {"self_harm"},
        set(),
    ]


def test_every_rule_can_be_read_and_its_innocent_readings_are_patterns():
    for topic in CATEGORIES:
        rules = blocks(topic)
        assert rules
        assert [block.weight for block in rules if not 0 < block.weight <= 1] == []
        assert [
            block for block in rules if block.phrases.search("") or (block.innocent and block.innocent.search(""))
        ] == []
