"""How a customer feels, how much haste there is, and whether a person is asked for, in English and French."""

import re
from typing import Literal

from guardrails.vocabulary import word_set
from guardrails.words import fold
from integrations.helpdesks.base import Priority

Sentiment = Literal["negative", "neutral", "positive"]

READ = 6000
_ORDER: tuple[Priority, ...] = ("low", "normal", "high", "urgent")

# All patterns read folded text: lower case, no accents, straight apostrophes.
_NO_HASTE = re.compile(
    r"\b(?:pas|rien|aucune?|non|not|nothing|no|isn't|n'est pas|nullement"
    r"|without)\s(?:\w+\s){0,2}?(?:d')?(?:urgent\w*|urgence|pressee?|hurry|rush)\b|\bno (?:rush|hurry)\b"
)
_URGENT = re.compile(
    r"\b(?:urgents?|urgente?s?|urgence|urgently|urgency|emergency|asap|a\.s\.a\.p|as soon as possible"
    r"|immediately|immediatement|right (?:now|away)|au plus vite|des que possible"
    r"|le plus (?:vite|rapidement) possible|sans delai|dans les plus brefs delais|d'urgence|dringend"
    r"|urgentemente|urgenza)\b"
)
_HASTE = re.compile(
    r"\b(?:(?:avant|pour|d'ici|des|besoin|aujourd'hui meme)\b[^.\n?!]{0,30}\b(?:aujourd'hui|ce soir|demain"
    r"|ce matin|cet apres-midi)|(?:by|before|need\w*|for|until|needs)\b[^.\n?!]{0,30}\b(?:today|tonight"
    r"|tomorrow|this (?:morning|evening|afternoon))"
    r"|bloquee?s?|blocked|locked out|je suis coincee?|i am stuck|i'm stuck|completely down|a l'arret"
    r"|en panne totale|deadline|date limite|dernier delai)\b"
)

_NEGATIVE = word_set(
    """inadmissible inacceptable scandaleux scandaleuse honte honteux honteuse lamentable deplorable catastrophique
    catastrophe nul nulle nullissime decu decue decus deception decevant decevante furieux furieuse colere
    enerve enervee agace agacee ras-le-bol marre mecontent mecontente insatisfait insatisfaite insupportable
    horrible pire arnaque arnaqueurs voleurs escroc escrocs escroquerie intolerable incompetent incompetents
    desagreable degoute degoutee scandalise excedee excede exaspere exasperee plainte desastreux desastreuse
    inutile mensonge foutez moque moquez unacceptable terrible awful horrible worst disappointed
    disappointing disappointment angry furious upset frustrated frustrating frustration annoyed annoying
    ridiculous disgusted disgusting pathetic useless scam scammers rubbish appalling outrageous shameful
    shame incompetent unprofessional unhappy dissatisfied hate fed-up joke liar liars lies poor dreadful
    outraged nightmare disgrace disgraceful ruined unbelievable inexcusable"""
)
_POSITIVE = word_set(
    """content contente ravi ravie satisfait satisfaite heureux heureuse enchante enchantee super genial geniale
    excellent excellente parfait parfaite adore formidable top magnifique superbe bravo felicitations
    impeccable efficace agreable enchante plaisir geniaux happy pleased delighted satisfied great excellent
    perfect love lovely awesome amazing wonderful fantastic brilliant impressed glad superb congratulations"""
)
_NEGATORS = word_set(
    """pas plus jamais guere aucun aucune peu not no never hardly without isn't wasn't aren't don't doesn't didn't
    n't ni sans less"""
)
_PHRASES = re.compile(
    r"\b(?:ras[- ]le[- ]bol|en ai (?:plus qu'|plus que )?(?:marre|assez)|fed up|sick (?:and tired )?of"
    r"|jamais vu|se moque(?:r|z)? (?:de|du)|foutre? de|third time|troisieme fois|encore une fois"
    r"|for the \w+ time|waste of (?:time|money)|perte de temps"
    r"|plus jamais|never again|a la hauteur|what a joke|n'importe quoi|this is (?:absurd|crazy|insane)"
    r"|c'est (?:absurde|fou|abuse))\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_REACH = 3

_HUMAN = re.compile(
    r"\b(?:(?:parler|discuter|echanger|contact(?:er)?|joindre|avoir|mettre en (?:relation|contact)"
    r"|passe[rz][- ]moi|communiquer)\b[^.\n?!]{0,30}\b(?:(?:un|une|a un|avec un|a une|avec une|vrai|vraie|l'un"
    r"|le|la|au) )"
    r"(?:vrai |vraie |veritable )?(?:humain|etre humain|personne(?: (?:reelle|humaine|physique))?|conseillere?"
    r"|conseiller clientele|operateur|operatrice|agent|superviseur|responsable|interlocuteur|quelqu'un"
    r"|manager)"
    r"|passe[rz][- ]moi (?:un|une|quelqu'un|votre|le|la)\b[^.\n?!]{0,30}|(?:je (?:veux|voudrais|souhaite"
    r"|demande|prefere(?:rais)?)|j'aimerais|j'exige)\b[^.\n?!]{0,25}\b(?:un|une|des) (?:vrai\w* "
    r"|veritable )?(?:humain|etre humain|conseiller\w*|operateur|operatrice|interlocuteur|personne (?:reelle"
    r"|humaine))"
    r"|parler a (?:quelqu'un|qqn|qq1)|(?:pas|marre|assez) (?:d'une?|d'un|de|des|a une?) (?:robots?|machines?"
    r"|bots?|ia|chatbots?|reponses? automatiques?)|(?:un |etre )humains? (?:svp|s'il vous plait)"
    r"|appelez[- ]moi|rappelez[- ]moi|qu'on me rappelle|quelqu'un peut(?:-il)? me rappeler"
    r"|(?:speak|talk|chat|connect(?:ed)?|transfer(?:red)?|escalate|put (?:me )?through"
    r"|get)\b[^.\n?!]{0,25}\b(?:to|with|me)\b[^.\n?!]{0,12}\b(?:a |an |some |your |the |real |actual "
    r"|live )+(?:real |actual |live |human |customer |support )*(?:human|person|agent|representative|rep"
    r"|advisor|adviser|operator|supervisor|manager|someone|somebody|being)"
    r"|(?:speak|talk|chat|contact)(?:t?ing)? (?:to |with |directly )*(?:(?:a|an|any|some|your|the|real|actual"
    r"|live|human|customer|support|service|damn|bloody|fucking|goddamn) +){0,4}"
    r"(?:human|agent|assistant|operator|representative|rep|advis[eo]r|supervisor|manager|someone|somebody"
    r"|(?<=a )person|(?<=live )person|(?<=real )person)"
    r"|(?:i )?(?:want|need|would like|'d like|demand|prefer) (?:a |an |to (?:have|get|see) an? )(?:real "
    r"|actual |live )?(?:human|person|agent|representative|advisor|operator|supervisor)"
    r"|(?:connect|give|get)\b[^.\n?!]{0,12}(?:real|actual|live) (?:human|person|agent)"
    r"|human (?:being )?(?:please|pls|agent|support)|(?:not|no more|stop|tired of|enough of|sick of"
    r"|instead of) (?:an? |the |your )?(?:bots?|robots?|machines?|ai|chatbots?|automated (?:replies|answers))"
    r"|call me (?:back|now|asap|please|at|on|today|tomorrow|as soon)|(?:please|can (?:someone|you)"
    r"|have someone|someone (?:should|must)|could (?:someone|you)(?: please)?) (?:please )?call me(?= ?[.!?\n]"
    r"|$)|(?:menschen|mitarbeiter) sprechen|hablar con (?:una persona|un humano|un agente)"
    r"|parlare con (?:una persona|un operatore))\b"
)
_NOT_ASKING = re.compile(
    r"\b(?:(?:j'ai|i have|i've|i) (?:deja |already )?(?:parle|spoke[n]?|talked|discute|eu)|(?:appelez"
    r"|rappelez)[- ]moi (?:si|des)|call me (?:if|when)|the (?:real|actual) person who"
    r"|do i (?:have|need) to (?:speak|talk|chat|contact)"
    r"|(?:are|r) (?:you|u"
    r"|we)(?: really)?|if you are|is this|you're|am i|name)\b"
)


def raised(given: Priority | None, text: str) -> Priority:
    """The helpdesk's own priority, raised by words of haste, never lowered."""
    words = _NO_HASTE.sub(" ", fold(text[:READ]))
    said: Priority = "urgent" if _URGENT.search(words) else "high" if _HASTE.search(words) else "low"
    return max(given or "normal", said, key=_ORDER.index)


def sentiment(text: str) -> Sentiment:
    """From words that judge, turned round where denied; capitals and rows of marks only make anger louder."""
    words = _WORD.findall(fold(text[:READ]))
    weights = [_weight(words, place) for place in range(len(words))]
    score = sum(weights) - 2 * len(_PHRASES.findall(fold(text[:READ])))
    if score > 0:
        return "positive"
    return "negative" if score < 0 or (any(weight < 0 for weight in weights) and _is_loud(text)) else "neutral"


def _weight(words: list[str], place: int) -> int:
    """What the word at a place says: 1, 0, -1; "not happy" is -1, "not terrible" is 0."""
    word = words[place]
    denied = any(near in _NEGATORS or near.endswith("n't") for near in words[max(0, place - _REACH) : place])
    if word in _POSITIVE:
        return -1 if denied else 1
    return -int(word in _NEGATIVE and not denied)


def _is_loud(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return "!!" in text or (len(letters) > 20 and sum(map(str.isupper, letters)) > len(letters) / 2)


def asks_for_human(text: str) -> bool:
    """Whether the writer asks for a person instead of a machine, or to be called."""
    words = fold(text[:READ])
    return any(not _NOT_ASKING.search(words[max(0, m.start() - 25) : m.end() + 6]) for m in _HUMAN.finditer(words))
