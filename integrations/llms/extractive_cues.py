"""How a customer asks, goes on asking, and points back to what was said. Patterns meet folded text; all are linear."""

import re

# A clause that asks, rather than tells.
ASKS = {
    "en": re.compile(
        r"\?|\b(?:how|what|when|where|which|why|who|whose)\b|\b(?:can|could|may|do|does|did|is|are|will"
        r"|would|should|am|must|have|has) (?:i|you|it|they|there|we|the|my|your|this|a|an)\b"
        r"|\b(?:want|like|need|wish) to (?:know|return|cancel|change|get|have|exchange)\b|\bplease\b|\btell me\b"
    ),
    "fr": re.compile(
        r"\?|\b(?:comment|quand|combien|pourquoi|quel|quelle|quels|quelles|lequel|laquelle|qui|est ce)\b"
        r"|^ou\b|\b(?!chez\b)\w+(?:ez vous|ez nous)\b|\b\w+ t (?:il|elle|on)\b|\b(?:est|sont|peut|puis|dois"
        r"|doit|ai|faut|aura|sera|serai) (?:je|il|elle|on|ils|elles|ce)\b"
        r"|\b(?:voudrais|veux|souhaite|souhaiterais|aimerais) (?:savoir|retourner|annuler|changer|echanger"
        r"|connaitre)\b|\bpouvez\b|\bpeut on\b|\bpuis je\b"
    ),
}
# "And to Belgium?": the rest of the question stands in the one before.
GOES_ON = {
    "en": re.compile(r"^(?:and|what about|how about|same for|same question|or)\b"),
    "fr": re.compile(r"^(?:et|qu en est il|quid|pareil|meme question|ou alors)\b"),
}
POINTS_BACK = {
    "en": re.compile(r"\b(?:it|he|she|him|her|they|them|that|this|these|those|one)\b"),
    "fr": re.compile(r"\b(?:il|elle|ils|elles|ca|cela|le|la|les|en|y|celui ci|celle ci)\b"),
}
# "Do you run classes?": whether there is such a thing at all.
OFFERS = {
    "en": re.compile(
        r"\b(?:do|does|can|could|will|would) (?:you|they|it) (?:also |still |ever )?"
        r"(?P<verb>run|offer|have|do|organise|organize|hold|host|give|provide|teach|arrange)\b"
    ),
    "fr": re.compile(
        r"(?:\best ce que vous )?\b(?P<verb>proposez|organisez|faites|donnez|offrez|avez|assurez|tenez)\b"
    ),
}
