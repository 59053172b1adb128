"""How a sentence hangs on its neighbours: what it leans on, what it limits, whether it is a step.

Patterns meet the text as it is, from its start; all are linear.
"""

import re

_I = re.IGNORECASE

# A sentence that cannot be understood without the one before it.
LEANS = {
    "en": re.compile(
        r"(?:It(?!(?:'s| is| was) (?:not )?(?:possible|necessary|important|recommended|best|advisable) (?:to|that|for)\b)"
        r"|This|These|That|Those|They|He|She|Them|Its|Their|Such"
        r"|Otherwise|In (?:this|that|these|those|such|both|either|all these) (?:cases?|events?|situations?)"
        r"|Then|Next|After (?:that|this|which)|Afterwards|Finally|Lastly|If (?:so|not|this|it|they)"
        r"|However|But|Also|Instead|Both|Either|Neither|The (?:latter|former|same)|Once (?:this|that|done"
        r"|it)|Therefore|So|As a result|Consequently|In addition"
        r"|Moreover|Additionally|Furthermore|Likewise|Similarly|For (?:this|that)|To do (?:this|so)|And|Or"
        r"|Except(?:ion)?s?|Here|When (?:this|it)|Only then"
        r"|Please note|Note|Until then|Beyond (?:that|this)|Under this|With (?:this|it))\b"
        r"|(?:\w+ ){1,3}(?:it|them)\b|(?:You|We|They) (?:also|then)\b"
    ),
    "fr": re.compile(
        r"(?:Il(?! (?:est|n'est pas|serait) (?:possible|nécessaire|recommandé|conseillé|interdit|important"
        r"|préférable|inutile|obligatoire) (?:de|d['’]|que|qu['’]|à)| (?:vous )?(?:faut|suffit)| n?'?y a| convient| existe)"
        r"|Elles?|Ils|Cela|Ça|Ce(?:lui|lle|ux|lles)?(?:-ci|-là)?|C['’]est|Cet(?:te)?|Ces|Ceci|(?:Dans"
        r"|En) (?:ce|ces|cette|le|un|tel|les deux)s? (?:cas|situation|hypothèse)"
        r"|Sinon|Sans quoi|Ensuite|Puis|Enfin|Après (?:cela|quoi)|Toutefois|Cependant|Néanmoins|Mais"
        r"|En revanche|Par contre|Or|Donc|Ainsi|Alors"
        r"|De plus|En outre|Par ailleurs|Aussi|Également|Le cas échéant|À défaut|A défaut|Pour (?:cela"
        r"|ce faire|(?:l['’]|les? |la |y |en )\w+(?:er|ir)\b)|Une fois (?:cela|fait|ce)|Leurs?|Son|Sa|Ses"
        r"|De même|Idem|Et|Ou|Exceptions?|Passé ce délai|Au-delà|Attention|Sauf(?! (?:mention|indication"
        r"|avis|stipulation)\b)|À noter|Il en va)(?![\w])"
        r"|\w+ez-(?:le|la|les|y|en|lui)\b|(?:Vous|Nous) \w+ (?:aussi|alors|également|ensuite)\b"
    ),
}
# A sentence that limits the one before it.
LIMITS = {
    "en": re.compile(
        r"(?:(?:On|For|With|In|At) (?:all |any )?others?\b|(?:It|They|This|These(?: \w+)?|(?:The|All) (?:items?"
        r"|products?|articles?|goods)) (?:must"
        r"|should|needs? to|ha(?:s|ve) to|cannot|can only|may not|(?:is|are) only)"
        r"|Once (?:it|they)|However|But|Except(?:ion)?s?|Only|Please note|Note|Excluding|Provided"
        r"|Not (?:valid|available|included|applicable))\b"
        r"|.{0,80}\b(?:do(?:es)? not apply|(?:is|are) (?:excluded|not eligible)|not valid|offer excludes)\b",
    ),
    "fr": re.compile(
        r"(?:(?:Pour|Avec|Dans|Sur|À) (?:tou(?:s|tes) )?(?:les|d['’]) ?autres?\b|(?:Il|Elle|Ils|Elles|Cela|Ce(?:tte"
        r"|t|s)? \w+|L['’]article|Les articles|Le produit"
        r"|Les produits) (?:doi(?:t|vent)|ne (?:peu|doi)\w+|n['’]est|ne sont)"
        r"|Une fois \w+, (?:il|elle)s?|Toutefois|Cependant|Néanmoins|Mais|Sauf(?! (?:mention|indication"
        r"|avis|stipulation)\b)|Hormis|Excepté|Exceptions?|En revanche|Par contre|Attention|Seule?s?"
        r"|Uniquement|À condition|Sous réserve"
        r"|Dans la limite|Ne sont pas|À noter)\b|.{0,80}\b(?:ne s['’]appli\w+ pas|(?:n['’]est"
        r"|ne sont) pas (?:valables?|applicables?)|(?:est|sont) exclu\w*)\b",
    ),
}
IMPERATIVE = re.compile(
    r"^\W*(?:open|click|choose|select|go|log|sign|enter|print|put|pack|send|drop|take|fill|follow|check"
    r"|press|hold|remove|insert|turn|switch"
    r"|wait|attach|write|contact|use|add|scan|download|install|tap|visit|type|confirm|copy|reply|place|call"
    r"|bring|wash|present|show|stick|hand"
    r"|register|reset|measure|unplug|plug|clean|state|give|tumble|dry|rinse|keep|let|leave|pull|push|charge"
    r"|pair|connect|restart|update|make sure|do not|never)\b"
    r"|^To [^,]{3,80}, (?:please )?(?!(?:you|we|it|they|the|a|an|there|this|your|our)\b)[a-z]+\b"
    r"|^Pour [^,]{3,80}, [^\W\d_]+ez\b"
    r"|^\W*(?:ne )?(?!chez\b|assez\b)[^\W\d_]+ez\b",
    _I,
)
NEXT_STEP = {
    "en": re.compile(r"(?:Then|Next|After (?:that|this)|Afterwards|Finally|Lastly|Once)\b"),
    "fr": re.compile(r"(?:Ensuite|Puis|Enfin|Après (?:cela|quoi)|Une fois|Pour finir)\b"),
}
ANSWERS_YES_NO = {"en": re.compile(r"(?:Yes|No)\b[,.:;!]?\s*"), "fr": re.compile(r"(?:Oui|Non)\b[,.:;!]?\s*")}
COVERS_ALL = {
    "en": re.compile(
        r"\b(?:any|all|every|each) (?:\w+ ){0,2}(?:items?|products?|articles?|orders?|purchases?|goods"
        r"|parcels?)\b",
        _I,
    ),
    "fr": re.compile(
        r"\b(?:tout|tous|toutes|chaque|n['’]importe quel) (?:\w+ ){0,2}(?:articles?|produits?|commandes?"
        r"|achats?|colis)\b",
        _I,
    ),
}
ONLY = re.compile(r"(?:Only|Seule?s?|Uniquement)\b")
# "Only members …": what is not named is left out.
EXCLUSIVE = {
    "en": re.compile(r"\b(?:only|exclusively|reserved for)\b", _I),
    "fr": re.compile(r"\b(?:uniquement|seulement|exclusivement|réservée?s?|seule?s?|n['’e] ?\w+ (?:\w+ )?que)\b", _I),
}
# A sentence on one case of a rule.
ONE_CASE = {
    "en": re.compile(r"(?:If|When|Unless|Without|Early|Late|In case)\b"),
    "fr": re.compile(r"(?:Si|S['’]il|Lorsque|Quand|Sans|En cas)\b"),
}
BULLET = re.compile(r"^\s*(?:[-–—•*·▪◦‣]\s+)+")
NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s+")
