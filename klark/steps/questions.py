"""What a customer asks: explicit questions and implicit requests, in English and French; others by their marks.

`questions("Bonjour, mon colis n'est pas arrivé. Où est-il ? Merci", "fr")` is
`("mon colis n'est pas arrivé. Où est-il ?",)`. Linear in the text, of which `READ` characters are read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import zip_longest

from guardrails.sentences import split_sentences
from guardrails.words import fold, is_content, stem

READ = 12_000
MOST = 5
LONGEST = 400
"""Characters of a question with the statement that goes with it."""


class Part(IntEnum):
    """What a sentence does."""

    COURTESY = auto()
    STATEMENT = auto()
    PROBLEM = auto()
    REQUEST = auto()
    QUESTION = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and what it does."""

    text: str
    part: Part


# All patterns read folded text: lower case, no accents, straight apostrophes.
_GREETING = (
    r"(?:bonjour|bjr|bonsoir|salut|slt|coucou|cc|hello|hi|hiya|hey|good (?:morning|afternoon|evening|day)|evening|morning|dear|greetings"
    r"|hallo|guten (?:tag|morgen|abend)|hola|buenos dias|buenas (?:tardes|noches)|buongiorno|salve|ciao|cher|chere|to whom it may concern)"
)
_ADDRESSED = re.compile(
    rf"^{_GREETING}\b(?:[ ,]+(?:a tous|a toute l'equipe|l'equipe|tout le monde|monsieur|madame|messieurs|mesdames|mr|mrs|ms|sir/madam|sir|madam|team|there"
    r"|all|everyone|folks|support|again|service client|customer (?:service|care)|the [\w-]{2,20} team|et merci|or|and|ou|et))*"
    r"(?P<name>[ ]+[A-ZÀ-Þa-z][\w'-]{1,20}(?:[ ][A-ZÀ-Þ][\w'-]{1,20})?)?\s*[,!.:;\-–—]+\s*|"
    rf"^{_GREETING}(?:[ ,]+(?:a tous|l'equipe|monsieur|madame|sir|madam|there|team|all|folks|again))*\s+(?=\S)"
)
_COURTESY = re.compile(
    r"^(?:(?:un grand |mille )?(?:merci|mrc|thanks|thank you|thx|danke|gracias|grazie|many thanks)\b(?! de (?:me|m'|nous|bien|faire|votre aide pour|proceder|confirmer|rembours|renvoy|annul))"
    r"(?:[^?]{0,60}(?:avance|advance|aide|help|reponse|reply|answer|retour|temps|time|beaucoup|much|lot|again|infiniment|bien|vous|you|inform\w*|attention|compre\w+|all|equipe|team))?[^?\w]*(?:[a-z' -]{0,40})$"
    r"|(?:bien )?cordialement\b|cdlt|cdt|(?:best|kind|warm)?\s?regards|sincerely|cheers|best wishes|bonne (?:journee|soiree|reception|continuation)|belle journee|salutations"
    r"|(?:dans l'attente|en attente|in attesa|looking forward|i look forward|hope to hear|j'espere (?:avoir|recevoir) (?:une |de vos )|en vous remerciant|je vous remercie)\b[^?]*$"
    r"|(?:j'espere que vous allez|i hope (?:you are|this (?:e-?mail|message) finds)|hope you(?:'re| are)|comment allez[- ]vous|how are you)\b[^?]{0,60}\??$"
    r"|(?:have a|passez une) (?:nice|good|great|lovely|bonne|excellente)\b|mit freundlichen|viele grusse|un saludo|saludos|cordiali saluti"
    r"|(?:je vous (?:contacte|ecris|sollicite)|je me permets de vous (?:contacter|ecrire)|i am (?:writing|contacting)|i'm (?:writing|contacting))[^?]{0,25}$"
    r"|(?:j'ai|i have|j'aurais|i've got|i had)(?: just)? (?:une|deux|trois|quelques|a few|a|two|some|several|plusieurs)(?: petites?| quick| more)? questions?\b[^?]{0,30}$"
    r"|(?:can|could) you(?: please)? help(?: me)?(?: with (?:this|that))?(?: please)?\s*\??$|(?:pouvez|pourriez)[- ]vous m'aider(?: s'il vous plait| svp)?\s*\??$|(?:help|aide)(?: me)?(?: pls| please| svp)?[!. ]*$"
    r"|ok(?:ay)?\b[ ,.!]*$|(?:d'accord|parfait|super|lovely|great|perfect)[ ,.!]*$|(?:tres )?urgent[ !.]*$)"
)
_ASKING = re.compile(
    r"^(?:(?:et|mais|donc|sinon|alors|or|ou|and|but|so|also|then|puis|enfin|de plus|du coup|par ailleurs|en fait|dites[- ]moi|please|svp|pls|2|1)[ ,:]+){0,2}"
    r"(?:comment|comen|cmt|coment|ou (?:est|en|se|sont|puis|peut|trouve|je|vous|puije)|quand|kan|quel(?:le)?s?|kel|combien|cb|cbn|pourquoi|pk|pkoi|prk|est[- ]ce|es[- ]ce|esk|qui\b|que (?:dois|faire|puis|se|faut)|qu'est|quoi|c koi|cest quoi|c'est quoi"
    r"|(?:a|de|pour|sous|dans|depuis|jusqu'a|au bout de|en|par|avec|sur) (?:qui|quoi|quel(?:le)?s?|combien|quand)\b|puis[- ]je|peut[- ]on|peu[- ]on|pe[- ]on|peux[- ]tu|y a[- ]t[- ]il|ya til|faut[- ]il|dois[- ]je|doit[- ]on|avez[- ]vous|proposez[- ]vous|livrez[- ]vous|acceptez[- ]vous|\w{3,20}[- ](?:vous|t[- ]il|t[- ]elle|t[- ]on)\b"
    r"|how|hw|what|wat|wot|when|wen|where|wher|why|y is|which|who|whose|can (?:i|you|we|u|it|the|my)|could (?:i|you|we|u)|do (?:you|i|we|u|the)|does|did|is (?:it|there|this|the|that|my)|are (?:you|there|the|u|my|your)|will (?:you|i|it|the|my)|would (?:you|it)|may i|should i|has|have you|any (?:news|chance|idea|update)"
    r"|wie|wo|wann|warum|was|welche\w*|kann ich|konnen sie|gibt es|como|donde|cuando|por que|cual|cuanto|puedo|pueden|come|dove|quando|perche|quale|quanto|posso)\b"
)
_EMBEDDED = re.compile(
    r"\b(?:savoir|dire|demande|comprendre|comprends pas|know|tell me|wondering|wonder|understand|confirm|explain)\s+(?:me )?"
    r"(?:si|comment|ou|quand|quel\w*|combien|pourquoi|ce que|if|whether|how|where|when|which|what|why|who)\b"
)
_REQUEST = re.compile(
    r"\b(?:je (?:voudrais|veux|souhaite(?:rais)?|desire|vous demande|vous prie|vous saurais gre)|j(?:')?aimerais?|j(?:e )?voudr[ea]\w*|nous (?:voudrions|souhaitons|aimerions)"
    r"|j'ai besoin|il me faut|il me faudrait|besoin d|(?:pouvez|pourriez|pouriez|voulez|peux|peu|pouver)[- ](?:vous|tu)|merci de (?:me|m'|nous|bien|faire|proceder|\w+er\b|\w+ir\b|\w+re\b)|priere de|veuillez|envoye[rz][- ](?:moi|nous)|rembourse[rz][- ](?:moi|nous)"
    r"|(?:annule[rz]|modifie[rz]|change[rz]|supprime[rz]|donne[rz]|confirme[rz]|indique[rz])[- ](?:moi|nous|mon|ma|mes|notre|le|la)|faut (?:que|m)"
    r"|i (?:would|'d|d|wd) (?:like|love|appreciate|need)|i'd (?:like|love|appreciate)|i (?:want|need|wish|request|wanna)|we (?:would like|want|need)|(?:please|pls|plz|kindly) \w+|\w+ (?:please|pls|plz)$|let me know"
    r"|(?:send|cancel|change|refund|replace|delete|close|update|give) (?:me|us|my|our|the)|looking for|requesting"
    r"|ich (?:mochte|will|brauche|hatte gern)|bitte|quiero|quisiera|necesito|me gustaria|vorrei|ho bisogno)\b"
)
_PROBLEM = re.compile(
    r"\b(?:pas|plus|jamais|rien|aucun\w*|toujours pas|impossible|not|no longer|never|nothing|none|cannot|can't|cant|won't|wont|doesn't|doesnt|didn't|didnt|isn't|isnt|hasn't|hasnt|haven't|havent|wasn't|couldn't|unable|fail\w*|without"
    r"|erreur\w*|error\w*|probleme\w*|pb|problem\w*|issue\w*|souci\w*|bug\w*|panne|casse\w*|broken|broke|damaged|endommag\w*|abime\w*|defectueu\w*|defective|faulty|missing|manqu\w+|perdu\w*|lost|stolen|vole\w*|bloqu\w+|blocked|stuck|locked"
    r"|en retard|late|delayed|retard|wrong|mauvais\w*|faux|double|twice|deux fois|refus\w+|rejected|declined|expired?|expire\w*|noir\w*|black|dead|crash\w*|fuit|leak\w*|incorrect\w*|attend\w*|waiting|still"
    r"|nicht|kein\w*|kaputt|beschadigt|fehl\w+|defekt|todavia|no funciona|no he|roto|danad\w+|non (?:riesco|funziona|ho)|rotto)\b"
)
_POINTS_BACK = re.compile(
    r"\b(?:ca|cela|celui[- ]ci|celle[- ]ci|it|they|them|these|those|que (?:faire|dois[- ]je)|what (?:should|can|do) i do|is there anything)\b"
    r"|^(?:pourquoi|why|comment faire|how (?:so|come))\b"
)
_SPLIT = re.compile(
    r"\s*(?:,|;)?\s+(?:et|and|ainsi que|as well as|et aussi|and also)\s+(?=(?:(?:a|de|pour|sous|au bout de|dans|jusqu'a|avec|by|at|in|for|from|until|to|on) ){0,3}"
    r"(?:comment|quand|combien|quel|quelle|quels|quelles|pourquoi|est[- ]ce|puis[- ]je|peut[- ]on|how|what|when|where|which|why|can i|can you|do you|is there|is it|are there|does|will)\b)"
)
_NOT_SPLITTING = re.compile(r"\b(?:savoir|dire|know|tell me|wondering|demande|expliquer|explain)\b")


def questions(text: str, language: str | None = None) -> tuple[str, ...]:
    """At most `MOST` questions and requests in the order they stand, each with the statement that carries its problem.

    Never empty where there is a sentence with content: then the text itself is what is asked.
    """
    said = [_read(sentence) for sentence in _sentences(text[:READ], language or "")]
    content = [each for each in said if each.part is not Part.COURTESY]
    asked = list(_asked(content, language or "")) or _remainder(content, said)
    return tuple(dict.fromkeys(each[:LONGEST].strip() for each in asked))[:MOST]


def _sentences(text: str, language: str) -> Iterator[str]:
    """Sentences without list numbers; in quick writing the next one begins small after a question mark."""
    for sentence in split_sentences(text, language):
        for piece in _AFTER_QUESTION.split(_NUMBER.sub("", sentence)):
            if piece.strip():
                yield piece.strip()


_NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+")
_AFTER_QUESTION = re.compile(r"(?<=\?)\s+(?=\w)")


def _has_content(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _remainder(content: Sequence[Said], said: Sequence[Said]) -> list[str]:
    """Where nothing is asked: what is stated, else whatever has words."""
    stated = [each.text for each in content] or [each.text for each in said if _has_content(each.text)][:1]
    return [" ".join(stated)] if stated else []


def _read(sentence: str) -> Said:
    text = _ungreeted(sentence)
    words = fold(text)
    part = next((part for part, applies in _KINDS if applies(text, words)), Part.STATEMENT)
    return Said(text, part)


def _ungreeted(sentence: str) -> str:
    """The sentence without its greeting; folding keeps the length of what a greeting is made of."""
    greeting = _ADDRESSED.match(_flat(sentence))
    return sentence[greeting.end() :].strip() if greeting else sentence


def _flat(sentence: str) -> str:
    folded = fold(sentence)
    return folded if len(folded) == len(sentence) else sentence.lower()


def _is_courtesy(text: str, words: str) -> bool:
    if not _has_content(text) or _COURTESY.match(words):
        return True
    return "?" not in text and len(words.split()) <= 3 and text.istitle() and not _PROBLEM.search(words)


def _is_question(text: str, words: str) -> bool:
    return text.rstrip(" \"'»)!").endswith("?") or bool(_ASKING.match(words)) or bool(_EMBEDDED.search(words))


_KINDS = (
    (Part.COURTESY, _is_courtesy),
    (Part.QUESTION, _is_question),
    (Part.REQUEST, lambda _, words: bool(_REQUEST.search(words))),
    (Part.PROBLEM, lambda _, words: bool(_PROBLEM.search(words))),
)


def _asked(content: Sequence[Said], language: str) -> Iterator[str]:
    """Each question with the statement before it that it needs; a problem that no question follows is one itself."""
    before: list[Said] = []
    for each, following in zip_longest(content, content[1:]):
        if each.part < Part.REQUEST or _leads_to(each, following, language):
            before.append(each)
            continue
        first, *others = _split(each)
        yield _joined(before, first)
        yield from others
        before = []
    yield from _left_over(before)


def _leads_to(request: Said, following: Said | None, language: str) -> bool:
    """Whether a request only says what the question after it is about: "I want to cancel. Until when can I cancel?"."""
    if request.part is not Part.REQUEST or following is None or following.part is not Part.QUESTION:
        return False
    return bool(_stems(request.text, language) & _stems(following.text, language))


def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in _content_words(text))


def _content_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if is_content(word)]


def _split(said: Said) -> list[str]:
    """The questions within one sentence: "How much is it and when does it come?"."""
    words = _flat(said.text)
    if said.part is not Part.QUESTION or _NOT_SPLITTING.search(words):
        return [said.text]
    starts = [match.span() for match in _SPLIT.finditer(words)]
    ends = [start for start, _ in starts] + [len(said.text)]
    pieces = [said.text[begin:end].strip() for begin, end in zip([0, *(stop for _, stop in starts)], ends, strict=True)]
    if not all(len(_content_words(piece)) >= 2 for piece in pieces):
        return [said.text]
    return [*(f"{piece} ?" for piece in pieces[:-1]), pieces[-1]]


def _joined(before: Sequence[Said], question: str) -> str:
    """The question after the statement it rests on: the last problem told, or what its pronoun points to."""
    carrier = next((each.text for each in reversed(before) if each.part in (Part.PROBLEM, Part.REQUEST)), "")
    if not carrier and before and _points_back(question):
        carrier = before[-1].text
    joined = f"{_ended(carrier)} {question}" if carrier else question
    return joined if len(joined) <= LONGEST else question


def _points_back(question: str) -> bool:
    return bool(_POINTS_BACK.search(fold(question))) or len(_content_words(question)) < 2


def _ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?…:" else f"{sentence}."


def _left_over(before: Sequence[Said]) -> Iterator[str]:
    problems = [each.text for each in before if each.part is Part.PROBLEM]
    if problems:
        yield " ".join(_ended(problem) for problem in problems[:3])[:LONGEST]
