"""Letters and words for the masking rules: folding that keeps the length of a text, and the everyday vocabulary."""

import re
import unicodedata
from functools import lru_cache
from itertools import chain
from string import ascii_lowercase

import simplemma

from guardrails.pii.lexicon import ORDINARY
from guardrails.text.language_words import WORDS

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_LANGUAGES = ("en", "fr")
_DESK = """
    team support service client customer sir madam all everyone everybody folks guys there again both dear hello hi hey
    bonjour bonsoir salut coucou tous toutes toute equipe messieurs mesdames monsieur madame sav assistance conseiller
    agent manager responsable directeur directrice direction president docteur maitre professeur administrator admin
    sales billing accounts office shop store boutique magasin magasins livraison livreur transporteur facteur helpdesk
    cordialement regards sincerely merci thanks cheers best kind warm bien bonne journee soiree week end sent envoye from
    iphone ipad android samsung galaxy windows mac macbook google apple amazon microsoft facebook instagram whatsapp
    paypal visa mastercard outlook gmail chrome firefox safari zendesk freshdesk klarna stripe dhl ups fedex chronopost
    colissimo mondial relay gls dpd usps hermes monday tuesday wednesday thursday friday saturday sunday january february
    march april may june july august september october november december lundi mardi mercredi jeudi vendredi samedi
    dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre christmas noel easter
    paques black friday ps re fw fwd tr objet subject english french anglais francais france paris london europe usa uk
    not now sure sorry afraid happy glad having looking writing trying going wondering unable able interested very quite
    still really also here just back currently client cliente desole desolee ravi content contente decu decue inquiet
    inquiete sur certain certaine oblige obligee actuellement maintenant vraiment tellement tres plutot pas plus encore
    senor senora signor signora herr frau maman papa mamie papy papi mum mom dad mummy daddy
    nir signe signee secu ddn rando
    iban bic siret siren rib user bot st street road avenue rue place vat tva sav crm gps wifi usb hdmi led pro plus premium max
    order ordre total price prix numero number name nom prenom email date tel mobile fax phone adresse address code pin card
    one two three un deux trois both same next last first new old good bad big small baby royal princess
    the on in correct incorrect wrong misspelled spelled missing mal faux fausse
"""
STOP = frozenset(WORDS["en"].split()) | frozenset(WORDS["fr"].split()) | frozenset(_DESK.split())
"""Words that never begin a name, even with a capital."""


_PLAIN = dict(zip("œøłßðþđæı’\u2011", "oolsdtdai'-", strict=True))
"""Letters that are not a base letter with an accent, each with the one letter that replaces it."""


class _Fold(dict[int, str]):
    """Maps each character to exactly one: its lower case without the accent. Offsets in a text therefore stay valid."""

    def __missing__(self, code: int) -> str:
        lower = unicodedata.normalize("NFD", chr(code).lower())[:1]
        self[code] = plain = _PLAIN.get(lower, lower)
        return plain


_FOLD = _Fold()


def fold_in_place(text: str) -> str:
    """Returns `text` in lower case without accents, of exactly the same length."""
    return text.translate(_FOLD)


@lru_cache(maxsize=20_000)
def is_everyday(word: str) -> bool:
    """Returns whether a word (folded or not) is in the everyday vocabulary of English or French."""
    lower = word.lower()
    return lower in STOP or lower in ORDINARY or bool(simplemma.is_known(lower, lang=_LANGUAGES))


@lru_cache(maxsize=20_000)
def is_misspelt_everyday(word: str) -> bool:
    """Returns whether a word is one typing error (see guardrails.text.typing_errors) away from an everyday word."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    less = (left + right[1:] for left, right in cuts if right)
    swapped = (left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1)
    other = (left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase)
    more = (left + letter + right for left, right in cuts for letter in ascii_lowercase)
    return any(is_everyday(one) for one in chain(less, swapped, other, more))
