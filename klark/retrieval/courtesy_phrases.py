"""Greetings, thanks and farewells, which say nothing of what a ticket is about: in English and French, and the most
common in German, Spanish and Italian. The patterns match folded text: see `guardrails.text.words.fold`."""

import re
from collections.abc import Iterator

from guardrails.text.sentences import split_sentences
from guardrails.text.words import fold

GREETING = (
    r"(?:bonjour|bjr|bonsoir|salut|slt|coucou|cc|hello|hi|hiya|hey|good (?:morning|afternoon|evening|day)"
    r"|evening|morning|dear|greetings"
    r"|hallo|guten (?:tag|morgen|abend)|hola|buenos dias|buenas (?:tardes|noches)|buongiorno|salve|ciao|cher"
    r"|chere|to whom it may concern)"
)
ADDRESSED = re.compile(
    rf"^{GREETING}\b(?:[ ,]+(?:a tous|a toute l'equipe|l'equipe|tout le monde|monsieur|madame|messieurs"
    rf"|mesdames|mr|mrs|ms|sir/madam|sir|madam|team|there"
    r"|all|everyone|folks|support|again|service client|customer (?:service|care)|the [\w-]{2,20} team|et merci"
    r"|or|and|ou|et))*"
    r"(?P<name>[ ]+[A-ZÀ-Þa-z][\w'-]{1,20}(?:[ ][A-ZÀ-Þ][\w'-]{1,20})?)?\s*[,!.:;\-–—]+\s*|"
    rf"^{GREETING}(?:[ ,]+(?:a tous|l'equipe|monsieur|madame|sir|madam|there|team|all|folks|again))*\s+(?=\S)"
)
COURTESY = re.compile(
    r"^(?:(?:un grand |mille )?(?:merci|mrc|thanks|thank you|thx|danke|gracias|grazie"
    r"|many thanks)\b(?! de (?:me|m'|nous|bien|faire|votre aide pour|proceder|confirmer|rembours|renvoy"
    r"|annul|modifi|chang|supprim|corrig|resili|envoy|verifi|mettre|fournir|transmettre)| d'\w+er\b)"
    r"(?:[^?]{0,60}(?:avance|advance|aide|help|reponse|reply|answer|retour|temps|time|beaucoup|much|lot|again"
    r"|infiniment|bien|vous|you|inform\w*|attention|compre\w+|all|equipe|team))?[^?\w]*(?:[a-z' -]{0,40})$"
    r"|(?:bien )?cordialement\b|cdlt|cdt|(?:best|kind|warm)?\s?regards|sincerely|cheers|best wishes"
    r"|bonne (?:journee|soiree|reception|continuation)|belle journee|salutations"
    r"|(?:dans l'attente|en attente|in attesa|looking forward|i look forward|hope to hear|j'espere (?:avoir"
    r"|recevoir) (?:une |de vos )|en vous remerciant|je vous remercie)\b[^?]*$"
    r"|(?:j'espere que vous allez|i hope (?:you are|this (?:e-?mail|message) finds)|hope you(?:'re| are)"
    r"|comment allez[- ]vous|how are you)\b[^?]{0,60}\??$"
    r"|(?:have a|passez une) (?:nice|good|great|lovely|bonne|excellente)\b|mit freundlichen|viele grusse"
    r"|un saludo|saludos|cordiali saluti"
    r"|(?:je vous (?:contacte|ecris|sollicite)|je me permets de vous (?:contacter|ecrire)|i am (?:writing"
    r"|contacting)|i'm (?:writing|contacting))[^?]{0,25}$"
    r"|(?:j'ai|i have|j'aurais|i've got|i had)(?: just)? (?:une|deux|trois|quelques|a few|a|two|some|several"
    r"|plusieurs)(?: petites?| quick| more)? questions?\b[^?]{0,30}$"
    r"|(?:can|could) you(?: please)? help(?: me)?(?: with (?:this|that))?(?: please)?\s*\??$|(?:pouvez"
    r"|pourriez)[- ]vous m'aider(?: s'il vous plait| svp)?\s*\??$|(?:help|aide)(?: me)?(?: pls| please"
    r"| svp)?[!. ]*$"
    r"|ok(?:ay)?\b[ ,.!]*$|(?:d'accord|parfait|super|lovely|great|perfect)[ ,.!]*$|(?:tres )?urgent[ !.]*$)"
)
PROBLEM = re.compile(
    r"\b(?:pas|plus|jamais|rien|aucun\w*|toujours pas|impossible|not|no longer|never|nothing|none|cannot|can't"
    r"|cant|won't|wont|doesn't|doesnt|didn't|didnt|isn't|isnt|hasn't|hasnt|haven't|havent|wasn't|couldn't"
    r"|unable|fail\w*|without"
    r"|erreur\w*|error\w*|probleme\w*|pb|problem\w*|issue\w*|souci\w*|bug\w*|panne|casse\w*|broken|broke"
    r"|damaged|endommag\w*|abime\w*|defectueu\w*|defective|faulty|missing|manqu\w+|perdu\w*|lost|stolen"
    r"|vole\w*|bloqu\w+|blocked|stuck|locked"
    r"|en retard|late|delayed|retard|wrong|mauvais\w*|faux|double|twice|deux fois|refus\w+|rejected|declined"
    r"|expired?|expire\w*|noir\w*|black|dead|crash\w*|fuit|leak\w*|incorrect\w*|attend\w*|waiting|still"
    r"|nicht|kein\w*|kaputt|beschadigt|fehl\w+|defekt|todavia|no funciona|no he|roto|danad\w+|non (?:riesco"
    r"|funziona|ho)|rotto)\b"
)
NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+")
AFTER_QUESTION = re.compile(r"(?<=\?)\s+(?=\w)")


def substance(text: str, language: str | None = None) -> str:
    """Returns the text without greetings, thanks and farewells; all of it if there is nothing else."""
    return " ".join(statements(text, language)) or text


def statements(text: str, language: str | None = None) -> list[str]:
    """Returns its sentences that say something: no greetings, thanks, farewells or names below them."""
    said = [_ungreeted(each) for each in _sentences(text, language or "")]
    return [each for at, each in enumerate(said) if not (_is_courtesy(each) or (at > 0 and _is_signature(each)))]


def _sentences(text: str, language: str) -> Iterator[str]:
    """Yields sentences without list numbers; in quick writing, a sentence after a question mark may begin in lower case."""
    for sentence in split_sentences(text, language):
        for piece in AFTER_QUESTION.split(NUMBER.sub("", sentence)):
            if piece.strip():
                yield piece.strip()


def _has_content(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _ungreeted(sentence: str) -> str:
    """Returns the sentence without its greeting; folding does not change the length of what a greeting is made of."""
    greeting = ADDRESSED.match(_flat(sentence))
    return sentence[greeting.end() :].strip() if greeting else sentence


def _flat(sentence: str) -> str:
    folded = fold(sentence)
    return folded if len(folded) == len(sentence) else sentence.lower()


def _is_courtesy(text: str) -> bool:
    """Returns whether nothing is said: a farewell that goes on to a problem says something."""
    folded = fold(text)
    return not _has_content(text) or (COURTESY.match(folded) is not None and not PROBLEM.search(folded))


def _is_signature(text: str) -> bool:
    """Returns whether this is a name. The first sentence may be a subject in title case, so it is never taken for one."""
    return "?" not in text and len(text.split()) <= 3 and text.istitle() and not PROBLEM.search(fold(text))
