"""What colleagues answered on similar closed tickets, as a source: only where the policy allows it, only answers that
are not older than it says, and only those of their sentences that are about nobody in particular.

Names and numbers were masked when the answer was stored. A sentence with anything masked in it, a deed, a promise, a
date, or the customer's own things is about that customer, and is left out whole: a general rule is put in the present
tense, about things.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from guardrails.grounding.colleague_answers import Answered
from guardrails.pii.tokens import TOKEN
from guardrails.text.dates import DATES, found
from guardrails.text.sentences import split_sentences
from guardrails.untrusted.clean import clean, looks_like_instruction
from klark.context.ticket_history import promises_in
from klark.values.passages import FoundArticle, Section
from klark.values.policy.rules import Rules
from klark.values.recalled_tickets import Alike

KEY = "answered"
SHORTEST = 4
"""Words that a citable sentence has at least: shorter ones greet, thank or sign."""
TITLES = {"en": "A colleague's answer on another ticket", "fr": "Réponse d'un collègue à un autre ticket"}
# What makes a sentence personal, in three parts: what was done, or is the writer's own; speaker and addressee, future and
# time; words that refer back to a sentence which may not precede it here. In short forms the apostrophe ends the word.
_CASE = {
    "en": r"i|me|my|mine|was|were|had|been|left|arrived|got|sent|lost"
    r"|you (?:had|were|did|paid|ordered|bought|sent|wrote|asked|told|received|returned)"
    r"|we(?:['’](?:ve|re|ll|d)| (?:have|had|are|were|did|sent|found|see|saw|checked|looked))",
    "fr": r"j['’]|m['’]|je|me|moi|mon|ma|mes|a été|ont été|était|étaient|avait|avaient"
    r"|nous (?:avons|avions|sommes|étions|allons|venons)|vous (?:aviez|étiez|allez|venez)"
    r"|(?:est|sont|a|ont) (?:bien )?(?:parti|arrivé|reçu|livré|perdu|expédié|remboursé|envoyé|bloqué)\w*",
}
_TOLD = {
    "en": r"us|your|yours|has|will|won['’]t|again|now|already|yet|still|you(?:['’](?:ve|re|ll|d)| (?:have|are))",
    "fr": r"votre|vos|vôtre|ton|ta|tes|sera|seront|vous (?:avez|êtes|aurez|serez|recevrez)|déjà|encore|désormais|maintenant",
}
_BACK = {
    "en": r"it|its|they|their|this|that|these|those|he|she|his|her|here|there|so|then",
    "fr": r"c['’]|il|elle|ils|elles|cela|ça|ce|cet|cette|ces|celui|celle|son|sa|ses|leur|leurs|voici|voilà|donc|alors",
}
_END = r"(?:\b|(?<=['’]))"


def _pattern(anywhere: str, first: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{anywhere}){_END}|^(?:{first}){_END}", re.IGNORECASE)


_OF_A_CASE = {language: _pattern(_CASE[language], _BACK[language]) for language in _CASE}
_OWN = {language: _pattern(f"{_CASE[language]}|{_TOLD[language]}", _BACK[language]) for language in _CASE}


def cited(
    rules: Rules, alike: Sequence[Alike], language: str | None, as_of: datetime | None = None
) -> tuple[FoundArticle, ...]:
    """Returns the answers as passages, the most similar first; none where the policy or the language rules them out. They are
    as old as they were at `as_of`; `None` is now."""
    if not rules.colleague_days or language is None or language not in _OWN:
        return ()
    now = as_of or timezone.now()
    read = ((_aged(each, now, rules.colleague_days), general(each.answered, language)) for each in alike)
    return tuple(
        FoundArticle(
            0, f"{KEY}/{told.ticket}", 0, TITLES[language], "", language, (Section("", sentences),), answered=told
        )
        for told, sentences in read
        if told and sentences
    )


def _aged(each: Alike, now: datetime, most: int) -> Answered | None:
    """Returns the answer with its age; None if it is too old, or its day is not known."""
    if each.answered_at is None:
        return None
    days = max((now - each.answered_at).days, 0)
    return Answered(each.ticket_id, f"{each.answered_at:%Y-%m-%d}", days) if days <= most else None


def general(text: str, language: str) -> tuple[str, ...]:
    """Returns the sentences of a masked answer that are about nobody in particular."""
    sentences = (one for line in text.splitlines() for one in split_sentences(line, language))
    return tuple(dict.fromkeys(one for one in sentences if _is_general(one, language)))


def _is_general(sentence: str, language: str) -> bool:
    return not _OWN[language].search(sentence) and is_impersonal(sentence, language)


def is_of_no_case(sentence: str, language: str) -> bool:
    """Returns whether a masked sentence may be said to any customer: it reports nothing that was done, is not the writer's own,
    and refers to no other sentence. False in a language whose words are not known here."""
    case = _OF_A_CASE.get(language)
    return case is not None and not case.search(sentence) and is_impersonal(sentence, language)


def is_impersonal(sentence: str, language: str) -> bool:
    """Returns whether a masked sentence names nobody, no day and no promise, gives no order to a machine, and asks nothing."""
    named = TOKEN.search(sentence) or _is_dated(sentence, language)
    odd = clean(sentence)[0] != sentence or looks_like_instruction(sentence) or promises_in(sentence, language)
    return not named and not odd and not sentence.rstrip().endswith("?") and len(sentence.split()) >= SHORTEST


def _is_dated(sentence: str, language: str) -> bool:
    rows = (row for row in DATES if row[0] == "date")
    return any(True for _, pattern, parse in rows for _ in found(pattern, parse, sentence, language))
