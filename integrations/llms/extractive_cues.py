"""Patterns that tell what a question wants and how a sentence hangs together, in French and English.

All of them are linear: no nested repetition. Question patterns meet folded text, sentence patterns meet the text as it is.
"""

import re
from dataclasses import dataclass
from re import Pattern

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Want:
    """A kind of question: `asked` finds it, `met` finds a sentence that can answer it; where that is missing the
    sentence's score is multiplied by `without`."""

    name: str
    asked: Pattern[str]
    met: Pattern[str]
    without: float


_MONEY = (
    r"[€$£]|\b(?:eur|euros?|usd|gbp|chf|dollars?|pounds?|cents|francs?)\b|\bfree\b|gratuit|\boffert|\bno (?:extra )?(?:charge|cost|fee)"
    r"|\b(?:without|sans) (?:charge|frais)|\binclu(?:s|se|ded)\b|\b(?:our|your) (?:own )?(?:expense|cost)|\bà (?:votre|notre) charge|\d ?%"
)
_NUMBER = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|few|several|un|une|deux|trois"
    r"|quatre|cinq|sept|huit|neuf|dix|douze|quatorze|quinze|vingt|trente|quelques|plusieurs)"
)
_TIME = (
    rf"\b{_NUMBER}[ -](?:(?:full|working|business|calendar|more|pleine?s?) )?(?:minutes?|min|hours?|hrs?|h|days?|weeks?|months?|years?|secondes?|heures?"
    r"|jours?|semaines?|mois|ans?|années?)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december|janvier|février|mars|avril|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre)\b"
    r"|\b\d{1,2} ?(?:h|am|pm|a\.m|p\.m)\b|\b\d{1,2}[:h]\d{2}\b|\b(?:same day|next day|immediately|straight away|right away|as soon as|tomorrow|overnight"
    r"|lifetime|any time|anytime|every day|daily|monthly|until|before|when|once|after|upon|at the end|end of)\b"
    r"|\b(?:dès|aussitôt|immédiat|le jour même|le lendemain|à vie|à tout moment|tous les jours|chaque jour|jusqu|avant|après|lorsqu|quand|une fois|au moment|à la fin|en fin d|à (?:l['’]|la |votre )?(?:expédition|réception|commande))"
)
_IMPERATIVE = (
    r"^\W*(?:open|click|choose|select|go|log|sign|enter|print|put|pack|send|drop|take|fill|follow|check|press|hold|remove|insert|turn|switch"
    r"|wait|attach|write|contact|use|add|scan|download|install|tap|visit|type|confirm|copy|reply|place|call|bring|wash|present|show|stick|hand"
    r"|register|reset|measure|unplug|plug|clean|state|give|tumble|dry|rinse|keep|let|leave|pull|push|charge|pair|connect|restart|update|make sure|do not|never)\b"
    r"|^To [^,]{3,80}, (?:please )?(?:open|click|choose|select|go|log|sign|enter|send|write|text|call|press|tap|use|contact|follow|fill)\b"
    r"|^Pour [^,]{3,80}, [^\W\d_]+ez\b"
    r"|^\W*(?:ne )?(?!chez\b|assez\b)[^\W\d_]+ez\b"
)
_STEP = (
    r"\b(?:click|tap|log in|go to|simply|just|you can|you must|you need|from your|in your account|via)\b"
    r"|\b(?:il suffit|il faut|vous pouvez|vous devez|depuis votre|dans votre|en ligne|via)\b"
)
_ADDRESS = (
    r"\d+,? (?:\w+ ){0,3}(?:street|road|avenue|lane|square|place)\b|\b(?:located|(?:is|are) (?:at|in|on|near))\b"
    r"|\bse trouv|\bsitué|\brue\b|\bavenue\b|\bboulevard\b"
)
_PLACE = (
    r"https?:|www\.|@|\b(?:in|at|under|on|from|inside|next to|near|behind) (?:your|the|our|my|a|every|each)\b|\b(?:page|section|menu|tab|street|road|avenue|store"
    r"|shop|account|link|label|back|located|made in)\b"
    r"|\b(?:dans|sur|sous|depuis|chez|à côté|derrière|au dos) (?:votre|vos|le|la|les|l|notre|nos|un|une|chaque)\b|\b(?:page|rubrique|onglet|rue|magasin|boutique|compte|lien"
    r"|étiquette|situé|fabriqué)"
)

WANTS = {
    "en": (
        Want("time", re.compile(
            r"\bhow (?:long|soon|quickly|fast)\b|\bhow (?:many|much) (?:time|minutes|hours|days|weeks|months|years)\b|\bwhat time\b|\bhow late\b"
            r"|^when\b|\bwhen (?:do|does|will|can|is|are|should|did|would|am|must)\b|\b(?:until|by|since) when\b|\bdeadline\b"
            r"|\bwhat (?:is|are|s) (?:the|your) (?:\w+ ){0,2}(?:times?|period|hours)\b|\bopening hours\b|\bwhat day"), re.compile(_TIME, _I), 0.4),
        Want("money", re.compile(
            r"\bhow much (?!time|longer|does it weigh|weight|space|data|storage|memory|room|power|luggage|water)|\bwhat (?:is|are|s|does) (?:\w+ ){0,4}(?:price|prices|cost|costs|fees?|charge|charges|rates?)\b"
            r"|\bhow expensive\b|\bwhat price\b|\bwhat fee|^(?:price|cost|fee)s?\b|\bwhat will .{0,30}cost\b"),
            re.compile(_MONEY, _I), 0.4),
        Want("count", re.compile(r"\bhow (?:many|much|big|large|heavy|tall|wide|old)\b|\bwhat (?:is the )?(?:max|min|weight)"), re.compile(rf"\b{_NUMBER}\b", _I), 0.5),
        Want("place", re.compile(r"\bwhere (?:is|are) (?:your|the)\b"), re.compile(_ADDRESS, _I), 0.7),
        Want("place", re.compile(r"\bwhere\b"), re.compile(_PLACE, _I), 0.7),
        Want("steps", re.compile(r"\bhow (?:do|can|to|should|would|does|could|may|must)\b|\bwhat (?:do|should|must) i\b|\bsteps\b|^how i\b"), re.compile(f"{_IMPERATIVE}|{_STEP}", _I), 0.75),
        Want("reason", re.compile(r"\bwhy\b"), re.compile(r"\b(?:because|since|due|so that|in order|reason|if|when)\b", _I), 0.75),
    ),
    "fr": (
        Want("time", re.compile(
            r"\bcombien de (?:temps|minutes|heures|jours|semaines|mois|ans|annees)\b|^quand\b|\bquand (?:est|sera|serai|vais|recevr|pourr|arriv|seront|aurai|dois|puis|faut|je ser)"
            r"|\bquand$|\bdelais?\b|\bquelle heure\b|\bquelles heures\b|\bhoraires?\b|\bjusqu(?:a| a) quand\b|\bsous combien\b|\ben combien\b|\bquelle date\b|\bquel jour\b"
            r"|\bquelle est la duree\b|\bc est quand\b"), re.compile(_TIME, _I), 0.4),
        Want("money", re.compile(
            r"\bcombien (?!de |d |en |y a)|\bcombien$|\bc est combien\b|\bquel(?:le)?s? (?:est|sont|seront|sera) (?:\w+ ){0,3}(?:prix|tarifs?|couts?|frais|montants?)\b"
            r"|\bquels? (?:prix|tarifs?|frais|cout)\b|\ba combien\b|^(?:prix|tarifs?|frais|cout)\b"), re.compile(_MONEY, _I), 0.4),
        Want("count", re.compile(r"\bcombien (?:de|d|y a)\b|\bquel(?:le)? (?:est le )?(?:poids|nombre|taille max)"), re.compile(rf"\b{_NUMBER}\b", _I), 0.5),
        Want("place", re.compile(r"\bou (?:est|sont|se trouvent?) (?:votre|vos|le|la|les|l)\b"), re.compile(_ADDRESS, _I), 0.7),
        Want("place", re.compile(r"^ou (?:est|sont|se|trouv|puis|peut|dois|pourrais|en)\b|\bou (?:est|sont|se trouv|puis|peut on|dois|trouver)\b|\ba quel endroit\b|\bd ou\b|\bquelle adresse\b"),
            re.compile(_PLACE, _I), 0.7),
        Want("steps", re.compile(r"\bcomment\b|\bque (?:dois je|faire|faut il)\b|\bquelles? (?:est|sont) (?:la|les) (?:procedures?|demarches?|etapes?)\b|\bmarche a suivre\b|\bqu est ce que je dois\b"),
            re.compile(f"{_IMPERATIVE}|{_STEP}", _I), 0.75),
        Want("reason", re.compile(r"\bpourquoi\b"), re.compile(r"\b(?:car|parce que|puisque|afin|pour|raison|si|lorsque)\b", _I), 0.75),
    ),
}  # fmt: skip

# A clause that asks, rather than tells.
ASKS = {
    "en": re.compile(
        r"\?|\b(?:how|what|when|where|which|why|who|whose)\b|\b(?:can|could|may|do|does|did|is|are|will|would|should|am|must|have|has) (?:i|you|it|they|there|we|the|my|your|this|a|an)\b"
        r"|\b(?:want|like|need|wish) to (?:know|return|cancel|change|get|have|exchange)\b|\bplease\b|\btell me\b"
    ),
    "fr": re.compile(
        r"\?|\b(?:comment|quand|combien|pourquoi|quel|quelle|quels|quelles|lequel|laquelle|qui|est ce)\b|^ou\b|\b(?!chez\b)\w+(?:ez vous|ez nous)\b|\b\w+ t (?:il|elle|on)\b|\b(?:est|sont|peut|puis|dois|doit|ai|faut|aura|sera|serai) (?:je|il|elle|on|ils|elles|ce)\b"
        r"|\b(?:voudrais|veux|souhaite|souhaiterais|aimerais) (?:savoir|retourner|annuler|changer|echanger|connaitre)\b|\bpouvez\b|\bpeut on\b|\bpuis je\b"
    ),
}
# "And to Belgium?": the rest of the question stands in the one before.
GOES_ON = {
    "en": re.compile(r"^(?:and|what about|how about|same for|same question|or)\b"),
    "fr": re.compile(r"^(?:et|qu en est il|quid|pareil|meme question|ou alors)\b"),
}
POINTS_BACK = {
    "en": re.compile(r"\b(?:it|they|them|that|this|these|those|one)\b"),
    "fr": re.compile(r"\b(?:il|elle|ils|elles|ca|cela|le|la|les|en|y|celui ci|celle ci)\b"),
}

# A sentence that cannot be understood without the one before it.
LEANS = {
    "en": re.compile(
        r"(?:It(?!(?:'s| is| was) (?:not )?(?:possible|necessary|important|recommended|best|advisable))|This|These|That|Those|They|He|She|Them|Its|Their|Such"
        r"|Otherwise|In (?:this|that|these|those|such|both|either|all these) (?:cases?|events?|situations?)|Then|Next|After (?:that|this|which)|Afterwards|Finally|Lastly|If (?:so|not|this|it|they)"
        r"|However|But|Also|Instead|Both|Either|Neither|The (?:latter|former|same)|Once (?:this|that|done|it)|Therefore|So|As a result|Consequently|In addition"
        r"|Moreover|Additionally|Furthermore|Likewise|Similarly|For (?:this|that)|To do (?:this|so)|And|Or|Except(?:ion)?s?|Here|When (?:this|it)|Only then"
        r"|Please note|Note|Until then|Beyond (?:that|this)|Under this|With (?:this|it))\b"
        r"|(?:\w+ ){1,3}(?:it|them)\b|(?:You|We|They) (?:also|then)\b"
    ),
    "fr": re.compile(
        r"(?:Il(?! (?:est|n'est pas|serait) (?:possible|nécessaire|recommandé|conseillé|interdit|important|préférable|inutile|obligatoire)| (?:vous )?(?:faut|suffit)| n?'?y a| convient| existe)"
        r"|Elles?|Ils|Cela|Ça|Ce(?:lui|lle|ux|lles)?(?:-ci|-là)?|C['’]est|Cet(?:te)?|Ces|Ceci|(?:Dans|En) (?:ce|ces|cette|le|un|tel|les deux)s? (?:cas|situation|hypothèse)"
        r"|Sinon|Sans quoi|Ensuite|Puis|Enfin|Après (?:cela|quoi)|Toutefois|Cependant|Néanmoins|Mais|En revanche|Par contre|Or|Donc|Ainsi|Alors"
        r"|De plus|En outre|Par ailleurs|Aussi|Également|Le cas échéant|À défaut|A défaut|Pour (?:cela|ce faire|(?:l['’]|les? |la |y |en )\w+(?:er|ir)\b)|Une fois (?:cela|fait|ce)|Leurs?|Son|Sa|Ses"
        r"|De même|Idem|Et|Ou|Exceptions?|Passé ce délai|Au-delà|Attention|Sauf(?! (?:mention|indication|avis|stipulation)\b)|À noter|Il en va)(?![\w])"
        r"|\w+ez-(?:le|la|les|y|en|lui)\b|(?:Vous|Nous) \w+ (?:aussi|alors|également|ensuite)\b"
    ),
}  # fmt: skip
# A sentence that limits the one before it.
LIMITS = {
    "en": re.compile(
        r"(?:(?:It|They|This|These(?: \w+)?|(?:The|All) (?:items?|products?|articles?|goods)) (?:must|should|needs? to|ha(?:s|ve) to|cannot|can only|may not|(?:is|are) only)"
        r"|Once (?:it|they)|However|But|Except(?:ion)?s?|Only|Please note|Note|Excluding|Provided|Not (?:valid|available|included|applicable))\b"
        r"|.{0,80}\b(?:do(?:es)? not apply|(?:is|are) (?:excluded|not eligible)|not valid|offer excludes)\b",
    ),
    "fr": re.compile(
        r"(?:(?:Il|Elle|Ils|Elles|Cela|Ce(?:tte|t|s)? \w+|L['’]article|Les articles|Le produit|Les produits) (?:doi(?:t|vent)|ne (?:peu|doi)\w+|n['’]est|ne sont)"
        r"|Une fois \w+, (?:il|elle)s?|Toutefois|Cependant|Néanmoins|Mais|Sauf(?! (?:mention|indication|avis|stipulation)\b)|Hormis|Excepté|Exceptions?|En revanche|Par contre|Attention|Seule?s?|Uniquement|À condition|Sous réserve"
        r"|Dans la limite|Ne sont pas|À noter)\b|.{0,80}\b(?:ne s['’]appli\w+ pas|(?:n['’]est|ne sont) pas (?:valables?|applicables?)|(?:est|sont) exclu\w*)\b",
    ),
}
IMPERATIVE = re.compile(_IMPERATIVE, _I)
NEXT_STEP = {
    "en": re.compile(r"(?:Then|Next|After (?:that|this)|Afterwards|Finally|Lastly|Once)\b"),
    "fr": re.compile(r"(?:Ensuite|Puis|Enfin|Après (?:cela|quoi)|Une fois|Pour finir)\b"),
}
ANSWERS_YES_NO = {"en": re.compile(r"(?:Yes|No)\b[,.:;!]?\s*"), "fr": re.compile(r"(?:Oui|Non)\b[,.:;!]?\s*")}
COVERS_ALL = {
    "en": re.compile(
        r"\b(?:any|all|every|each) (?:\w+ ){0,2}(?:items?|products?|articles?|orders?|purchases?|goods|parcels?)\b", _I
    ),
    "fr": re.compile(
        r"\b(?:tout|tous|toutes|chaque|n['’]importe quel) (?:\w+ ){0,2}(?:articles?|produits?|commandes?|achats?|colis)\b",
        _I,
    ),
}
BULLET = re.compile(r"^\s*(?:[-–—•*·▪◦‣]\s+)+")
NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s+")
