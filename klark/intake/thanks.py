"""Detects texts that say only "thanks, solved", in English, French, German or Spanish.

Every word must be one that thanks are made of: one word more and it is a ticket. So "Merci de me rappeler", "Oui merci"
(an answer to a question) and "Thanks but it still doesn't work" are tickets.
"""

import re

from guardrails.text.vocabulary import word_set
from guardrails.text.words import fold

_LONGEST = 400

_CORE = word_set(
    """merci mercii merciii mrc remercie remercier remerciements thanks thank thx thnx tks ty tysm cheers danke
    dank dankeschon gracias resolu resolue regle reglee solved resolved fixed sorted gelost erledigt
    resuelto solucionado"""
)
# "ne", "pas", "mais", "but", "not", "oui", "non", "yes", "no" are left out on purpose.
_WORDS = _CORE | word_set(
    """a again all alles als also alright am an and answer appreciate appreciated arrived as assistance aide
    apporte apportee au aussi avec ah awesome beaucoup belle bien bon bonne bonjour bonsoir brilliant c ca
    can cause celerite ces cest cet cette close closed closing chaleureusement comme compris concern
    consider considered cordialement cool cordiales d dank das day dear der desormais deutlich die dossier
    du de des du donc dear efficace efficacite efficient en encore-merci enfin equipe es est et everything
    evening excellent excellente excellente expedition explication explications e fantastic fast fermer
    fermez ferme fin fine fonctionne fonctionnel for fur genial good gentillesse got great gute guten hallo
    haute hello help helped helpful hi hilfe ich ihre ihren il in infiniment info information informations
    infos intervention issue it its journee j je jetzt k kind kindness kindly l la le les lot lots love
    lovely ma mail many marche maintenant me merveilleux message mieux million mille moi mon mucho muchas
    much muy my nice nickel niquel nous now ok okay of on ordre parfait parfaite parfaitement patience
    perfect perfectly perfekt por pour precious precision precisions problem probleme prompt prompte
    promptly professionalism professionnalisme puis quick quickly rapide rapides rapidement rapidite
    reactivite recu ai received reponse reponses reply response retour right s salut sehr semaine service si
    so soiree soir solution solucion soporte souci speedy spot sujet sua su super support sur t tag te team
    tes thats the that this ticket tiptop to today top tous tout toute toutes tres trop un une und use u
    very vielen vous vos votre was we weekend well wonderful wish working works worked y you your yours is i
    im re ayuda respuesta rapida todo funciona ahora perfecto excelente genial bueno gut passt bcp ya saludo
    saludos gruße precieux precieuse schnell schon vielmals jetzt funktioniert wieder antwort schnelle
    problema ha quedado esta dia buen saludos hola liebe grusse viele beste regards best kindest sincerely
    bientot continuation bonnes have wunsche schonen avez avoir remercions resolved resolu vraiment really
    truly simply great-job job done bravo chapeau fait faites excellent ouf yay hourra resu reglement eu
    obtenu encore une-fois fois grand pouvez peut etre clos cloturer cloture clore mien cote my-side end
    side mine"""
)
# Thanks for a parcel that came; without "received" the same words would ask for it ("remboursement merci").
_CAME = word_set("recu recue recus arrive arrivee arrived received angekommen erhalten recibido llegado")
_THINGS = word_set(
    """colis paquet commande remboursement facture parcel package order refund invoice paket pedido paquete"""
)
_LONG = re.compile(r"(.)\1{2,}")
_PICTURE = re.compile(r"[^\w\s'’-]|_")
_GREETING = re.compile(
    r"^(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|hallo|guten (?:tag|morgen|abend)|hola|buenos dias"
    r"|buenas tardes|cher|chere|merci|thanks|thank you|gracias|danke)"
    r"(?:\s+(?:monsieur|madame|mr|mrs|ms|m|mme))?\s+[^\W\d_][\w'-]{1,20}(?:\s[^\W\d_][\w'-]{1,20})?\s*[,!.:\n]"
)
_SIGNED = re.compile(r"[\n,.!]\s*[A-ZÀ-Þ][\w'-]{1,20}(?:[ ][A-ZÀ-Þ][\w'-]{1,20}){0,2}\s*\.?\s*$")


def only_thanks(text: str) -> bool:
    """Returns whether nothing but thanks was written; `text` is what the writer added, without quotes."""
    if not text.strip() or len(text) > _LONGEST or "?" in text:
        return False
    words = _words(text)
    known = _WORDS | _CAME | _THINGS if _CAME.intersection(words) else _WORDS
    return bool(_CORE.intersection(words)) and all(word in known for word in words)


def _words(text: str) -> list[str]:
    """Returns the words, without the name in a greeting and the one in the signature."""
    unsigned = _SIGNED.sub("", text.strip())
    folded = fold(unsigned if _CORE.intersection(_split(unsigned)) else text)
    greeting = _GREETING.match(folded)
    return _split(_first_word(folded, greeting))


def _first_word(folded: str, greeting: re.Match[str] | None) -> str:
    if greeting is None:
        return folded
    return f"{folded.split(None, 1)[0]} {folded[greeting.end() :]}"


def _split(text: str) -> list[str]:
    return [word for word in re.split(r"[\s'-]+", _PICTURE.sub(" ", _LONG.sub(r"\1", fold(text)))) if word]
