"""Whether a text speaks to a model instead of a reader, in English or French.

For reporting an article and marking a ticket: what follows is a person's attention, never a silent change. The signs
are seen through look-alike letters, full-width forms, accents, case and spaced-out spelling.
"""

import re
import unicodedata

READ = 200_000
"""How many characters are looked at."""

# Letters of other scripts that pass for Latin ones: Cyrillic and Greek.
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһкмтвнοανκιρτυχε", "aeopcyxijsdhkmtbhoavkiptuxe")

# Short names inside the signs: {few} is up to four words, written so that it can match in one way only.
_NAMES = {
    "few": r"(?:\w+ ){0,4}",
    "orders": r"(?:instructions?|prompts?|rules?|guidelines?|directives?|guardrails?|commands?|programming)",
    "machine": r"(?:ai|a\.i|llm|(?:large )?language model|chat ?bot|assistant|gpt|chatgpt|claude|gemini)",
    "consignes": r"(?:instructions?|consignes?|regles?|directives?|prompts?|ordres?)",
    "robot": r"(?:ia|intelligence artificielle|modele(?: de langage)?|chatbot|assistant|gpt|chatgpt|robot)",
    "order": r"(?<!ai )(?<!as )(?<!avez )(?<!avons )(?<! a )(?<!ont )(?<!avais )(?<!avait )",  # not a participle
    "an": r"(?:an? |the |my |our )?",
    "une": r"(?:une? |l |le |la |notre |mon )?",
}

_SIGNS = (
    # English: old orders are to be dropped
    r"\b(?:ignore|disregard|forget) (?!my ){few}{orders}\b",
    r"\b(?:override|bypass|neglect|overlook|skip) (?:all |any |the )?(?:your|previous|prior|above|system|safety) "
    r"{few}{orders}\b",
    r"\b(?:ignore|disregard|forget) (?:everything|all|anything) {few}(?:above|before|previous\w*|prior|said)\b",
    r"\b(?:new|updated|additional|real|secret|hidden|following) (?:system )?{orders} ?(?:for you ?)?:",
    # English: hidden orders are to be shown
    r"\b(?:reveal|print|show|repeat|output|leak|disclose|display) {few}(?:system|hidden|initial|secret) {orders}\b",
    # English: the reader is named as a machine, or made one
    r"\b(?:you are|you re|act as|pretend to be|behave as|roleplay as) (?:now )?{an}(?:\w+ )?{machine}\b",
    r"\byou are now (?:an? |the |in \w+ mode|my |called |named |playing |acting )",
    r"\bfrom now on,? you (?:are|will|must|shall|should)\b",
    r"\b(?:as|being) {an}(?:helpful )?{machine},? (?:you|please|must|should|always|never)\b",
    r"\b(?:note|message|attention|instructions?|warning|important) (?:to|for) (?:the |any |all )?{machine}s?\b",
    r"\b(?:dear|attention) {machine}\b ?[,:!]",
    r"\bif you are {an}{machine}\b",
    # English: the answer is dictated
    r"\b(?:respond|reply|answer) (?:only|exactly|always|just) with\b",
    r"\b(?:respond|reply|answer) with (?:only|exactly|the following|the words?|the text|the phrase)\b",
    r"\byou (?:must|will|shall|have to) (?:now |always |only )?(?:output|obey|comply|ignore|disregard|say exactly)\b",
    r"\byou must (?:now |always |only )?(?:respond|reply|answer) (?:with|that|by|as)\b",
    r"\b(?:developer|dan|jailbreak|god|debug|sudo|unrestricted|admin) mode ?(?:is |now )?(?:on|enabled|activated|:)",
    r"\bdo anything now\b",
    # French, in the same order
    r"{order}\b(?:ignore[rz]?|ignores|oublie[rz]?|oublies|neglige[rz]?|outrepasse[rz]?|contourne[rz]?) (?!mes |my )"
    r"{few}{consignes}\b",
    r"\b(?:fais|faites) abstraction (?:de |des ){few}{consignes}\b",
    r"\bne (?:tiens|tenez) (?:pas|plus|aucun) compte (?:de |des ){few}{consignes}\b",
    r"\b(?:ignore[rz]?|oublie[rz]?) (?:tout )?ce (?:qui|que) {few}(?:precede|dit|avant|dessus)\b",
    r"\b(?:nouvelles?|vraies?|suivantes?) {consignes} ?:",
    r"\b(?:revele[rz]?|affiche[rz]?|montre[rz]?|donne[rz]?|repete[rz]?) (?:moi )?{few}prompt\b",
    r"\b(?:revele[rz]?|affiche[rz]?|montre[rz]?|donne[rz]?|repete[rz]?) (?:moi )?{few}{consignes} "
    r"(?:systeme|cachees?|internes?|initiales?|secretes?)\b",
    r"\b(?:tu es|vous etes) (?:maintenant|desormais|a present|dorenavant) (?:une? |le |la |l |mon |notre )",
    r"\b(?:tu es|vous etes|agis comme|agissez comme|comporte toi comme|comportez vous comme) {une}{robot}\b",
    r"\ben tant qu(?:e |) ?{une}{robot},? (?:tu|vous|veuillez|il faut|merci)\b",
    r"\b(?:note|message|consignes?|instructions?|a l attention) (?:pour|a|de|destinee?s? a) (?:toute )?"
    r"{une}{robot}s?\b",
    r"\bsi (?:tu es|vous etes) {une}{robot}\b",
    r"\b(?:reponds?|repondez|repondre) (?:uniquement|seulement|exactement|toujours|juste) (?:avec|par|que)\b",
    r"\b(?:reponds?|repondez) (?:avec|par) (?:le mot|les mots|la phrase|le texte|exactement|ceci)\b",
    r"\b(?:tu dois|vous devez) (?:maintenant|desormais|toujours|uniquement) (?:repondre|dire|obeir|ignorer|inclure)\b",
    r"\bmode (?:developpeur|debug|admin\w*|sans restriction\w*|dan) ?(?:est )?(?:active|:)",
)


def _filled(sign: str) -> str:
    for name, pattern in _NAMES.items():
        sign = sign.replace(f"{{{name}}}", pattern)
    return sign


_SIGN = re.compile("|".join(map(_filled, _SIGNS)))
_CLOSED_SIGN = re.compile(
    r"(?:ignore|disregard|forget|oublie[rz]?)(?:\w{0,25})(?:instructions|prompt|rules|consignes|regles)"
)

# Marks of chat formats, looked for before punctuation is levelled. "System: Windows 11" is a customer's own line.
_FRAME = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:system|assistant|instructions?)>"
    r"|^[ \t>*#_]{0,10}(?:system|assistant|syst[eè]me|developer)[ \t*_]{0,4}(?:prompt|message|note|override)?"
    r"[ \t*_]{0,4}:"
    r"[ \t*_]{0,4}(?:you |your |ignore|disregard|forget|from now|new |reply|respond|answer|do not|never|always"
    r"|tu |vous |oublie|r[ée]pond|nouvel|ne |d[ée]sormais)"
    r"|\"role\" ?: ?\"(?:system|assistant|developer)\"|\bBEGIN (?:SYSTEM|PROMPT|INSTRUCTIONS)\b",
    re.IGNORECASE | re.MULTILINE,
)
_SPACED = re.compile(r"\b(?:\w[ .\-_*]){5,60}\w\b")


def looks_like_instruction(text: str) -> bool:
    """Whether something in the first 200,000 characters speaks to a model."""
    start = unicodedata.normalize("NFKC", text[:READ])
    if _FRAME.search(start):
        return True
    plain = _level(start)
    return _SIGN.search(plain) is not None or _CLOSED_SIGN.search(_closed_up(plain)) is not None


def _level(text: str) -> str:
    """Lower case, without accents and look-alikes, and of the punctuation only what a sign needs."""
    letters = unicodedata.normalize("NFD", text.lower().translate(_LOOK_ALIKES))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^\w:,.!]+", " ", bare)


def _closed_up(text: str) -> str:
    """The spelt-out runs ("i g n o r e a l l") of a text, as words that have lost their spaces."""
    return " ".join(re.sub(r"[ .\-_*]", "", run) for run in _SPACED.findall(text))
