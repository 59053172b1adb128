"""What a sentence of a reply does: greets, asks, instructs or states.

A sentence is a courtesy only when nothing is left of it once the courtesies and a name are taken out, so that a claim
cannot hide behind "Hello"; `is_closed` is stricter, for one that stands in a sentence with claims.
A question that states ("Did you know that …?") counts as a statement.
"""

import re
from itertools import islice
from typing import Literal

from guardrails.vocabulary import word_set
from guardrails.words import expand, fold

Kind = Literal["COURTESY", "QUESTION", "INSTRUCTION", "STATEMENT"]

_PHRASES = re.compile(
    r"(?<!\w)(?:"
    # greetings and closings
    r"how are you(?: today| doing)?|comment (?:allez vous|ca va)|"
    r"madame,? (?:ou )?monsieur|mesdames,? messieurs|"
    r"bonjour|bonsoir|hello|hi|hey|good (?:morning|afternoon|evening|day)|dear|cher|chere|"
    r"cordialement|bien cordialement|bien a vous|sinceres salutations|salutations|amicalement|a bientot|"
    r"(?:kind|best|warm) (?:regards|wishes)|regards|sincerely|yours (?:sincerely|faithfully|truly)|best|cheers|all the best|"
    r"(?:passez |bonne |tres bonne |excellente |belle )+(?:une )?(?:bonne |excellente |belle )?(?:journee|soiree|fin"
    r" de semaine|continuation)|"
    r"(?:have|wish(?:ing)? you) a (?:nice|great|good|lovely|wonderful) (?:day|evening|weekend|week)|"
    # thanks
    r"(?:nous |je )?(?:vous )?remerci(?:e|ons)(?: vous)?|"
    r"(?:un grand |mille )?merci(?: beaucoup| bien)?|thank you|thanks|many thanks|"
    r"(?:de nous avoir|d avoir) (?:contactes?|ecrits?|joints?|signale)|nous avoir contactes?|nous avoir ecrits?|avoir contacte|"
    r"(?:for )?(?:contacting|reaching out|writing|getting in touch|your patience|your understanding|your (?:message|"
    r"email|question|request|order|interest|feedback))|"
    r"(?:pour |de )?votre (?:message|e-?mail|email|demande|question|patience|comprehension|confiance|commande|retour|"
    r"interet|fidelite)|"
    # regret, without saying for what
    r"(?:nous sommes|je suis|we are|i am|we re|i m)? ?(?:sincerely |very |so |vraiment |sincerement )?(?:desolee?s?|"
    r"sorry|navree?s?)|"
    r"(?:veuillez nous excuser|toutes nos excuses|nos excuses|nous nous excusons|we apologi[sz]e|i apologi[sz]e|our"
    r" apologies|apologies)|"
    r"(?:pour|de) (?:la|cette|toute|le|ce) (?:gene|desagrement|contretemps)(?: occasionnee?| causee?)?|pour les"
    r" desagrements(?: occasionnes| causes)?|"
    r"for (?:the|any|this) (?:inconvenience|trouble|confusion|delay in (?:our|my) reply)(?: caused| this may have"
    r" caused)?|to hear (?:that|this|about this)|"
    # offers of help
    r"(?:n hesitez pas|hesitez pas|ne hesitez pas) a (?:nous |me )?(?:re)?(?:contacter|ecrire|solliciter|repondre(?:"
    r" a (?:ce message|cet e-?mail|cet email))?|revenir vers (?:nous|moi))|"
    r"(?:nous restons|je reste|restant|toute l equipe reste|notre equipe reste) (?:bien )?(?:entierement )?a votre"
    r" (?:entiere )?(?:disposition|ecoute)|"
    r"(?:si vous avez|si vous aviez|pour|en cas d|en cas de) (?:besoin|(?:toute|d autres|une|la moindre|des)"
    r" (?:autres? )?questions?(?: supplementaires?| complementaires?)?|(?:plus|davantage) de precisions?|toute"
    r" information complementaire)|"
    r"(?:en )?esperant (?:vous )?avoir (?:pu )?(?:vous )?(?:aidee?|repondu)(?: a votre (?:question|demande))?|j"
    r" espere (?:que cela vous aide|avoir repondu a votre question)|"
    r"nous (?:sommes|serons) ravis de vous aider|je suis ravie? de vous aider|"
    r"(?:please )?(?:feel free to|do not hesitate to|don t hesitate to) (?:contact us|reach out|write|reply|ask|get"
    r" in touch|let us know|write to us)(?: to (?:us|this (?:email|message)))?|"
    r"(?:please )?let (?:us|me) know|(?:we are|i am|we re|i m) (?:always )?(?:here|happy|glad) to help|(?:i|we) hope"
    r" (?:this|that) (?:helps|answers your question)|hope (?:this|that) helps|"
    r"if you (?:have|need) (?:any|some|anything)?(?: ?(?:further|more|other|else))?(?: (?:questions?|help|assistance|"
    r"information|else|doubts?))?|"
    r"voici (?:la reponse|les informations|ce que nous pouvons vous dire|quelques (?:elements|informations))|here is"
    r" (?:what we found|the answer|the information)|here s (?:what we found|the answer)|"
    r"(?:we|nous) (?:understand|comprenons) (?:your|votre) (?:frustration|concern|impatience|inquietude|deception)|"
    r"nous avons bien recu|we have received|nous comprenons|we understand"
    r")(?!\w)"
)
# What may be left over: glue, titles, and the name that a greeting is followed by.
_GLUE = word_set(
    """a la le les l de du d et and the to so very much again for us you vous nous votre your with avec any more further
    or pour here there madame monsieur mme mr mrs ms m mlle sir madam team equipe service client clients customer support
    care all tous toutes everyone beaucoup please si if in advance par avance notre our message email mail about this
    that cela ce sujet a regarding help aide plus encore bien tres also aussi have day nice"""
)
# Capitalised behind a greeting, these say something: "Hello Refund Approved" greets nobody.
_LOADED = word_set(
    """free gratuit refund refunded refunds remboursement rembourse approved accepted granted cancelled confirmed yes no oui non
    allowed forbidden guaranteed accorde accepte approuve annule confirme garanti offert shipped delivered expedie livre
    winner gagnant congratulations felicitations urgent closed open ferme ouvert"""
)
_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]{0,30}(?:-[^\W\d_]{1,30})?")
_GREETING = re.compile(
    r"(?:bonjour|bonsoir|hello|hi|hey|dear|cher|chere|merci|thanks|thank you|good \w+|regards|cordialement)\b"
)
_STATES = re.compile(
    r"^(?:did you know|do you know that|saviez vous|savez vous que|have you heard)|"
    r"(?:,| - ) ?(?:right|correct|ok|okay|n est ce pas|d accord|isn t it|don t you|compris|vu) ?\?"
)
_LETTERS = re.compile(r"[^\W_]+")
_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

_ORDERS_EN = word_set(
    """click tap press go open close send ship mail pay call phone visit enter type select choose check verify fill
    download install uninstall update upgrade restart reset log sign register follow use keep bring attach print pack
    place put remove delete add save write contact email reply give provide tell share transfer wire forward copy paste
    scan turn switch plug unplug connect disconnect submit confirm complete return scroll swipe hold wait try run make
    buy order cancel ask read see note remember ensure refer go-to drop bring wash clean charge insert look search
    deposit reach apply create start stop set change do don never"""
)
_ORDER_FR = re.compile(r"^[^\W\d_]{2,30}ez$")
_NOT_ORDERS_FR = word_set("chez assez nez rez")
_ASKED_FR = word_set("veuillez merci pensez")
_LEADS = re.compile(
    r"^(?:\d{1,3}[.)] ?|etape \d{1,2} ?:? ?|step \d{1,2} ?:? ?|(?:then|next|first|finally|please|also|and|now|once"
    r" there|ensuite|puis|enfin|d abord|tout d abord|"
    r"et|alors|simply|just|simplement|s il vous plait|svp|to do so|pour cela|pour ce faire|afterwards|lastly|if so)["
    r" ,:]{1,3}){1,4}"
)
_CLAUSE = re.compile(
    r"^(?:pour|afin|si|if|to|in order to|when|once|quand|lorsque|une fois|after|apres|before|avant|on|sur|dans|"
    r"depuis|from)\b[^,]{1,200}, ?"
)

# What a reply may ask a customer for without a source: what identifies the matter, never what opens an account.
_ASKABLE = re.compile(
    r"(?:order|tracking|invoice|ticket|serial|reference|model|commande|suivi|facture|serie|modele) ?(?:number|no|id|reference)?|"
    r"(?:numero|reference|date|photos?|pictures?|screenshots?|captures?|description|details?|precisions?|adresse"
    r" e-?mail|adresse email|email address|"
    r"informations? complementaires?|more information|name of|nom du|taille|size|couleur|colou?r)"
)
_ASKS = re.compile(
    r"^(?:please |veuillez |merci de |pourriez vous |pouvez vous |could you |can you )?(?:bien )?(?:nous |me )?"
    r"(?:tell|give|send|share|provide|let us know|confirm|attach|reply|indiquer|indiquez|preciser|precisez|"
    r"communiquer|communiquez|envoyer|envoyez|"
    r"transmettre|transmettez|donner|donnez|joindre|joignez|fournir|fournissez|confirmer|confirmez)(?: (?:us|me|nous|"
    r"moi|with))*\b"
)
_SECRET = re.compile(
    r"password|passcode|\bpin\b|mot de passe|code|cvv|cvc|card|carte|iban|bank|banque|bancaire|secret|login|identifiants?"
)


def kind_of(sentence: str) -> Kind:
    """The class of one sentence; judged on its first 2,000 characters."""
    text = sentence[:2000]
    plain = _plain(text)
    if _is_courtesy(text, plain):
        return "COURTESY"
    if _is_question(text, plain):
        return "QUESTION"
    return "INSTRUCTION" if _is_instruction(plain) and not _ends_asking(text) else "STATEMENT"


def _plain(text: str) -> str:
    return " ".join(_INVERTED.sub(" ", fold(text).replace("'", " ")).split())


_INVERTED = re.compile(r"(?<=[^\W\d_])-(?=(?:vous|nous|moi|ce)(?!\w))")  # "saviez-vous", "n'est-ce pas"


def _is_courtesy(text: str, plain: str) -> bool:
    left = _WORDS.findall(_PHRASES.sub(" ", plain))
    if len(left) == len(_WORDS.findall(plain)):
        return False
    names = {fold(name) for name in _NAME.findall(text)} if _GREETING.match(plain) else set()
    strange = [word for word in left if word not in _GLUE and word not in names]
    named = [word for word in left if word in names and word not in _GLUE]
    return not strange and len(named) <= 3 and _LOADED.isdisjoint(named)


def is_closed(courtesy: str, names: frozenset[str]) -> bool:
    """Whether a courtesy says nothing but itself: a greeting names nobody but `names` (folded), and no deed is told.

    Free words with a capital look like a name ("Hello Everything Was Reimbursed"), and "we have received your order" is
    a fact about an order. That a request came is no news to who wrote it.
    """
    plain = _plain(courtesy)
    left = _WORDS.findall(_PHRASES.sub(" ", plain))
    return all(word in _GLUE or word in names for word in left) and not _RECEIVED.search(plain)


_RECEIVED = re.compile(
    r"\b(?:nous avons bien recu|we have received)\b(?! (?:votre|your) (?:message|e-?mail|email|demande|question|request)\b)"
)


def _ends_asking(text: str) -> bool:
    return text.rstrip(" \"'»”)*_").endswith("?")


def _is_question(text: str, plain: str) -> bool:
    if _ends_asking(text):
        return not _STATES.search(plain)
    asks = _ASKS.match(_LEADS.sub("", plain, count=1))
    return bool(asks and _ASKABLE.search(plain, asks.end()) and not _SECRET.search(plain))


def _is_instruction(plain: str) -> bool:
    rest = _LEADS.sub("", plain, count=1)
    return any(_commands(part) for part in (rest, _LEADS.sub("", _CLAUSE.sub("", rest, count=1), count=1)))


def _commands(plain: str) -> bool:
    first = [hit.group() for hit in islice(_LETTERS.finditer(plain), 2)]
    if not first:
        return False
    if plain.split(" ", 1)[0] in _ASKED_FR or first[0] in _ORDERS_EN:  # "Merci, le colis part" asks nothing
        return True
    verb = first[1] if first[0] in {"ne", "n"} and len(first) > 1 else first[0]
    return bool(_ORDER_FR.match(verb)) and verb not in _NOT_ORDERS_FR


def is_restating(sentence: str) -> bool:
    """Whether a sentence says that it repeats the customer: "as you wrote", "vous indiquez que …"."""
    return bool(_RESTATES.search(_plain(expand(sentence[:2000]))))


_RESTATES = re.compile(
    r"\b(?:as you (?:wrote|said|mention(?:ed)?|state[d]?|describe[d]?|indicate[d]?|report(?:ed)?|explain(?:ed)?|told us)|"
    r"you (?:wrote|mention(?:ed)?|said|state[d]?|told us|indicate[d]?|report(?:ed)?|describe[d]?) |according to your"
    r" (?:message|email)|"
    r"(?:comme|ainsi que) vous (?:le |l |nous l |nous le |l avez )?(?:avez )?(?:indiqu|mentionn|ecri|dit|dites|"
    r"precis|signal|expliqu|decri)\w*|"
    r"vous (?:nous )?(?:avez )?(?:indiqu|mentionn|ecriv|ecrit|precis|signal|expliqu|decri)\w*|"
    r"(?:de? apres|selon) votre (?:message|e-?mail|email|demande))"
)
