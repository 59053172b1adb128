"""Nothing that is a number, a date, a link or an address is lost in a translation, or added by it."""

import html
import re
from pathlib import Path

import pytest

from guardrails.grounding.carried_values import not_carried

ARTICLES = Path(__file__).parents[3] / "klark" / "demo" / "articles"
PLANTED = "battery-winter"  # whose English version has a paragraph of its own, an attack


@pytest.mark.parametrize(
    ("text", "language", "other", "other_language", "lost"),
    [("Livré sous 3 jours pour 14,50 €.", "fr", "Delivered within 3 days for €14.50.", "en", ()),
     ("Livré sous 3 jours.", "fr", "Delivered within 3 weeks.", "en", ("3 jours",)),
     ("Le 2 mars à 14 h 30.", "fr", "On 2 March at 2:30 pm.", "en", ()),
     ("Le 2 mars.", "fr", "On 3 March.", "en", ("2 mars",)),
     ("Deux lampes BX2.", "fr", "Two BX3 lamps.", "en", ("BX2",)),
     ("Deux fois, 14 jours par an.", "fr", "Twice, fourteen days a year.", "en", ()),
     ("Write to help@shop.example.", "en", "Écrivez-nous.", "fr", ("help@shop.example",)),
     ("See https://shop.example/returns.", "en", "Voir https://shop.example/retour.", "fr",
      ("https://shop.example/returns",)),
     ("Binnen 14 dagen, om 10:00 uur, voor € 6,90.", "nl", "Within 14 days, at 10 am, for €6.90.", "en", ()),
     ("Binnen 14 dagen.", "nl", "Within 15 days.", "en", ("14",)),
     ("Niets.", "nl", "Nothing.", "en", ())],
)  # fmt: skip
def test_what_the_other_text_lacks_is_named_as_it_was_written(
    text: str, language: str, other: str, other_language: str, lost: tuple[str, ...]
) -> None:
    assert not_carried(text, language, other, other_language) == lost


def _prose(path: Path) -> str:
    """An article without its tables, whose cells would run into each other."""
    return html.unescape(re.sub(r"<[^>]+>", "\n", re.sub(r"<table.*?</table>", "", path.read_text(), flags=re.DOTALL)))


def test_of_the_shops_own_translations_no_value_is_called_lost() -> None:
    pairs = [(path, path.with_name(path.name.replace("-en.", "-fr."))) for path in ARTICLES.glob("*-en.html")]
    texts = [(_prose(en), _prose(fr)) for en, fr in pairs if PLANTED not in en.name and fr.exists()]
    lost = [each for en, fr in texts for each in (*not_carried(en, "en", fr, "fr"), *not_carried(fr, "fr", en, "en"))]
    assert (len(texts) >= 30, lost) == (True, [])
