"""Finds names by the words that announce them: "my name is", a title, a greeting, "spoke to", "signé"."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guardrails.pii.lexicon import COMMON_GIVEN, ELSEWHERE, FAMILY, GIVEN, GIVEN_TOO, NAMES
from guardrails.pii.name_extent import PARTICLES, Words, goes_on, is_before_surname, is_unknown, run
from guardrails.pii.spans import Kind, Span
from guardrails.pii.words import STOP, is_everyday
from guardrails.text.words import as_matched


@dataclass(frozen=True, slots=True)
class _Announcement:
    """A pattern of words that are followed by a name.

    `loudly`        the next word is a name in any case ("my name is mark"), unless it is an everyday word in lower case
    `any_word`      the next word is a name even if it is an everyday word in lower case ("mr. freeman")
    `person`        on a ticket whose people are known, an unknown word is a name too
    `thing`         on such a ticket the pattern is not used, since it also announces things: `witness` finds those names
    `unknown_only`  the next word must be a listed name or an unknown word, or be followed by another capitalised word
    """

    pattern: re.Pattern[str]
    loudly: bool = False
    unknown_only: bool = False
    any_word: bool = False
    person: bool = False
    thing: bool = False


def _words(pattern: str, joint: str = "[:,=]?") -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w@])(?:{pattern})(?:(?<=['’])|(?!\w))[ \t\u00a0]{{0,3}}{joint}[ \t\u00a0]{{0,8}}[\"“«*\u00a0]{{0,3}}",
        re.IGNORECASE,
    )


_LONGEST_SHORTCUT = 4
"""A word in capitals of up to this many letters is an abbreviation ("GBP") rather than an unlisted name."""
_LABEL = r"[ \t]{0,8}[:=]"
_NAMED = (
    r"my (?:full |first |last |middle |maiden |real |legal )?name(?: is|'s|’s)|(?:maiden |full |first "
    r"|last )?name is|what(?:'s|’s| is) (?:your|his|her|the) name\?"
    r"|name on (?:the|my|this) (?:account|order|card|booking)(?:\?|:| is| reads| should (?:be|read))?|under (?:the"
    r"|my|his|her)?(?: partner['’]s| husband['’]s| wife['’]s)? ?name(?: of)?"
    r"|full name|first name|last name|surname|in the name of|goes by|everyone calls me|people call me|(?:please "
    r"|just |you can )?call me|named (?:him|her|it after)"
    rf"|(?:name|user|guest|patient|passenger|holder|cardholder|beneficiary){_LABEL}|attn\.?|c/o|(?:la |notre )?famille|the family"
    r"|je m['’ ]?appelle|je me (?:nomme|prénomme)|jmappelle|jm'appelle|mon (?:nom|prénom|prenom)(?: complet"
    r"| de famille| de jeune fille)?(?: est|:| :| c['’]est)"
    r"|(?:son|le|leur) (?:nom|prénom)(?: complet| de famille)? (?:est|c['’]est)|il s['’]appelle|elle s['’]appelle"
    r"|qui s['’]appelle|on m['’]appelle|s['’]appellent"
    rf"|(?:noms?|prénoms?|prenoms?|nom et prénom|nom complet|nom de famille){_LABEL}"
    r"|au nom (?:de|d['’])|à l['’]attention (?:de|d['’])|a l['’]attention de|à l['’]ordre de|signé|signed"
    r"|soussignée?|titulaire (?:du compte|de la carte)(?: est)?:?"
)
_LABELS = (
    r"(?:customer|client|contact|recipient|from|to|cc|attn|sender"
    r"|buyer|requested by|reported by|author|owner|destinataire|expéditeur|titulaire|bénéficiaire|interlocuteur|acheteur"
    rf"|demandeur|locataire|assuré|patiente?|passager|voyageur|signataire|de|à|pour){_LABEL}|titulaire"
)
_TITLES = r"mr\.?|mrs\.?|ms\.|dr\.|messrs\.?|mme\.?|mmes\.?|mlle\.?|mr et mme|m\. et mme|monsieur et madame"
_TITLE_KINDS: Mapping[str, Kind] = {"mr": "MR", "mister": "MR", "mrs": "MRS", "ms": "MRS", "miss": "MRS", "dr": "DR"}
_GENDERED = re.compile(r"(?<!\w)(?P<title>mr|mister|mrs|ms|miss|dr)\.?[ \u00a0]{1,2}", re.IGNORECASE)
_LONG_TITLES = (
    r"(?-i:Me)(?= \w)|ms|miss|mx\.?|dr|prof\.?|professor|sir|mademoiselle|madame|monsieur|m\.|maître|me\.|herr|frau|señora?"
    r"|signora?|docteur|doctor|pr\.|vve|veuve"
    r"|sœur|captain|mister|rev\.?|father|lady|colonel|sergeant"
)
_GREETINGS = (
    r"hello|hi|hey|dear|hiya|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|coucou|bjr|slt|cher|chère"
    r"|chers|chere|hallo|hola|ciao|re-bonjour|rebonjour|merci|thanks|thank you"
)
_BEING = (
    r"i am|i'm|i’m|im|this is|je suis|j['’]suis|ici|moi c['’]est|moi,|prénommée?|une? certaine?|épouse|née|alias|aka"
    r"|(?<=[,\"”»] )(?:says|said|dit)"
)
_KIN_EN = (
    r"husband|wife|son|daughter|brother|sister|mother|father|mum|mom|dad|boss|colleague|friend|neighbou?r|partner"
    r"|assistant|boyfriend"
    r"|girlfriend|uncle|aunt|cousin|nephew|niece|grandson|granddaughter|grandmother|grandfather|nan|gran|flatmate"
    r"|roommate|landlord|tenant|lawyer"
    r"|accountant|manager|employee|intern|client|customer|fianc[ée]e?|stepson|stepdaughter|carer|nurse|doctor|driver"
)
_KIN_FR = (
    r"mari|fils|fr[eè]re|p[eè]re|collègue|ami|amie|voisin|voisine|patron|conjoint|conjointe|compagnon|compagne|assistant"
    r"|assistante|oncle|cousin|cousine"
    r"|femme|fille|sœur|soeur|m[eè]re|tante|mamie|papi|papy|neveu|nièce|petit-fils|petite-fille|grand-mère|grand-père"
    r"|colocataire|coloc|locataire|propriétaire"
    r"|associée?|époux|épouse|ex|ex-mari|ex-femme|beau-père|belle-mère|beau-frère|belle-sœur|maman|papa|copain"
    r"|copine|filleule?|stagiaire|secrétaire|comptable|gérante?|fiancée?"
    r"|avocate?|notaire|médecin|tuteur|tutrice|curatrice|curateur|infirmière|gardienn?e?|nounou|employée?|cliente?"
    r"|salariée?"
)
_PEOPLE = (
    r"(?:spoke|speaking|talked|talking|chatted|dealt|met) (?:to|with)|on behalf of"
    rf"|(?:my|our|his|her|their|your) (?:late |older |younger |elder |little |big |new |old |ex-|ex "
    rf"|step)?(?:{_KIN_EN})s?(?: is| was)?,?"
    rf"|(?:mon|ma|mes|notre|nos|son|sa|ses|leur|votre|vos) (?:petite? |grande? |nouvelle |nouveau |futur |future "
    rf"|défunte? |ancien |ancienne )?(?:{_KIN_FR})s?(?: est| était)?,?"
    r"|(?:parlé|discuté|échangé|rendez-vous|rdv|mariée?|pacsée?) (?:à|avec|au téléphone avec)"
    r"|de la part (?:de|d['’])|conseillère?|votre (?:agent|technicien|technicienne|conseiller)|advisor|signature de"
)
"""Words that only a person can follow."""
_DEALINGS = (
    r"(?:speak|talk|chat|meeting|follow(?:ed|ing)? up|call|emails?|exchanged|went|along) (?:to|with)"
    r"|(?:message|mail|e-?mail|call|reply|answer|letter|gift|present|parcel|package|note) (?:from|for|to)"
    r"|ask(?:ed)? for|pour|for|(?:contacted|helped|assisted|signed|written|directed|produced|served|told|called"
    r"|handled|sold|rung|advised|delivered|painted|sung) by"
    r"|(?:assistant|married|attention|addressed|belongs|shouted|said|given|sent|transferred|deliver(?:ed)?"
    r"|ship(?:ped)?|hand(?:ed)?|novel by|tribute) (?:to|at)|starring|add|adding|remove|replace|invite|producer"
    r"|singer|commenter|founders?:?|(?:j['’]ai|a|avons|avez|ai) (?:eu|vu|rencontré|croisé|appelé)"
    r"|(?:eu|vu|rencontré) (?:avec|au téléphone avec|madame|monsieur)|colleague|agent|technician|technicien|technicienne"
    r"|(?:rappelée?|contactée?|traitée?|signée?|réceptionnée?|récupérée?|envoyée?|écrite?|servie?|aidée?|reçue?|validée?"
    r"|suivie?|payée?|commandée?|adressée?|remise?|destinée?|confiée?|livrée?|appartient) (?:par|à|chez)"
    r"|pour le compte (?:de|d['’])|(?:colis|paquet|commande|compte|carte|dossier|facture|abonnement|contrat"
    r"|adresse|numéro|nom|mail|billet|réservation|passeport|permis|anniversaire|cadeau) (?:de|d['’]|pour|à)"
    r"|(?:prévenir|contacter|appeler|rappeler|joindre|remercier|remerciez|demander|demandez|prévenez|appelez"
    r"|rappelez|contactez|ajouter|supprimer|retirer|remplacer|transmettre à|dire à|dites à|merci à|grâce à)"
    r"|(?:contact|reach|thank|ring|phone|notify|telling?|text|cc|remind|warn)|grateful to|thanks to|kudos to"
    r"|regards to"
)
"""Words that a person can follow, but also a product, a firm or a place."""
_ANNOUNCED: tuple[_Announcement, ...] = (
    _Announcement(_words(_NAMED), loudly=True),
    _Announcement(_words(_TITLES, ""), loudly=True, any_word=True),
    _Announcement(_words(_LONG_TITLES, ""), loudly=True),
    _Announcement(_words(_LABELS), unknown_only=True),
    _Announcement(_words(_GREETINGS), unknown_only=True),
    _Announcement(_words(_BEING), unknown_only=True, person=True),
    _Announcement(_words(_PEOPLE), unknown_only=True, person=True),
    _Announcement(_words(_DEALINGS), unknown_only=True, thing=True),
)


def find_announced(words: Words) -> Iterator[Span]:
    """Yields the name behind each announcement."""
    for announcement in _ANNOUNCED:
        if announcement.thing and not words.strangers:
            continue
        for match in announcement.pattern.finditer(words.text):
            index = words.starts.get(match.end())
            if index is not None and _opens(words, index, announcement):
                yield words.span(index, run(words, index, loudly=announcement.loudly))


def find_titles(words: Words, names: Iterable[Span]) -> Iterator[Span]:
    """Yields the titles that tell a person's gender or doctorate and stand right before one of `names`; each gets a
    token that keeps this information."""
    starts = {span.start for span in names}
    for match in _GENDERED.finditer(words.text):
        if match.end() in starts:
            yield Span(*match.span("title"), _TITLE_KINDS[as_matched(match["title"])])


def _opens(words: Words, index: int, announcement: _Announcement) -> bool:
    """Returns whether the announced word begins a name."""
    plain, capital = words.plain[index], words.is_capital(index)
    if plain in PARTICLES and not capital:
        return announcement.loudly and index + 1 < len(words.plain) and _opens_after_particle(words, index + 1)
    if plain in STOP and not (announcement.loudly and capital and (goes_on(words, index) or announcement.any_word)):
        return False
    if announcement.loudly:
        return capital or announcement.any_word or plain in GIVEN or plain in GIVEN_TOO or not is_everyday(plain)
    if not capital:
        return plain in GIVEN
    return not announcement.unknown_only or _is_likely(words, index, plain, sure=words.strangers or announcement.person)


def _opens_after_particle(words: Words, index: int) -> bool:
    plain = words.plain[index]
    if words.is_capital(index):
        return plain not in STOP or goes_on(words, index)
    return plain in PARTICLES or is_unknown(plain)


def _is_likely(words: Words, index: int, plain: str, *, sure: bool) -> bool:
    """Returns whether a capitalised word is a name; if not `sure`, only a listed name counts."""
    if plain in ELSEWHERE:
        return goes_on(words, index) and words.plain[index + 1] in FAMILY
    if plain in COMMON_GIVEN:
        return True
    shouted = words.written(index).isupper() and len(plain) <= _LONGEST_SHORTCUT
    if words.written(index).isupper() and is_everyday(plain):
        return goes_on(words, index) and not is_everyday(words.plain[index + 1])
    if plain in words.public or index in words.towns:
        return plain in COMMON_GIVEN or (index in words.towns and is_before_surname(words, index))
    if not sure:
        return plain in GIVEN or plain in GIVEN_TOO or plain in FAMILY
    return plain in NAMES or (is_unknown(plain) and not shouted) or words.looks_foreign(index)
