"""The single questions within a question: "How much is it and do you deliver?" asks two things, and each wants its answer."""

import re
from collections.abc import Iterator

MOST_CHARACTERS = 2_000
_I = re.IGNORECASE
_SUBJECT = (
    r"(?:i|you|we|they|it|he|she|there|the|this|that|these|my|your|our|a|an|any|one|parking|guests?|children|dogs?)"
)
_INVERTED = r"[^\W\d_]+(?:-t)?-(?:je|tu|il|elle|on|nous|vous|ils|elles|ce)\b"
_ASKING = {
    "en": rf"(?:(?:by|at|in|for|from|until|to|on|with) )?(?:how|what|when|where|which|who|whose|why)\b"
    rf"|(?:has|have|did) {_SUBJECT}\b|(?:do|does|is|are|can|could|will|would|may|must|should) (?!not\b|be\b|have\b)\w+",
    "fr": r"(?:(?:à|a|de|pour|sous|dans|avec|par|sur|en|jusqu['’]à|à partir de) )?(?:comment|quand|combien|pourquoi"
    r"|où|ou (?:est|sont|se|puis)"
    rf"|quel(?:le)?s?|est[- ]ce)\b|(?:y a-t-il\b|(?:[\w'’]+ ){{0,6}}{_INVERTED})",
}
_JOINED = {
    "en": re.compile(
        rf"(?:\s*,)?\s+(?:and|or|also|plus|but)\s+(?:also\s+|if so,?\s+)?(?={_ASKING['en']})|\s*[,;]\s+(?={_ASKING['en']})",
        _I,
    ),
    "fr": re.compile(rf"(?:\s*,)?\s+(?:et|ou|mais|ainsi que)\s+(?:aussi\s+|si oui,?\s+)?(?={_ASKING['fr']})", _I),
}
_AUXILIARY = r"(?:do|does|did|is|are|can|could|will|would|may|must|should|has|have)\b"
_STARTS = {
    language: re.compile(rf"\W*(?:(?:hello|hi|bonjour|and|et)\b)?\W*(?:{asking}|{_AUXILIARY})", _I)
    for language, asking in _ASKING.items()
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")


def parts(question: str, language: str) -> tuple[str, ...]:
    """Each single question, the first of a sentence with what is told before it; the whole where it asks one thing."""
    if len(question) > MOST_CHARACTERS:
        return (question,)
    told: list[str] = []
    found: list[str] = []
    for sentence in _SENTENCE.split(question):
        pieces = list(_pieces(sentence, language))
        if len(pieces) > 1 or sentence.rstrip().endswith("?"):
            found += [" ".join([*told, pieces[0]]), *pieces[1:]]
            told = []
        else:
            told.append(sentence)
    return tuple(found) if len(found) > 1 else (question,)


def _pieces(sentence: str, language: str) -> Iterator[str]:
    """A sentence where a second question is joined to a first."""
    begin = 0
    for joint in _JOINED[language].finditer(sentence):
        if _STARTS[language].match(sentence, begin):
            yield f"{sentence[begin : joint.start()].rstrip(' ,;')} ?"
            begin = joint.end()
    yield sentence[begin:]
