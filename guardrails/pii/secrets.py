"""Forms of passwords, PINs and other secrets that people send to a helpdesk, and of number plates.

A secret has no recognisable form, so what follows its name counts as one. A plain short word there ("my password is
wrong") does not.
"""

import re

from guardrails.pii.pattern import Form

_NAMED = (
    r"passwords?|passwd|pwd|passcode|pass ?phrase|mots? de passe|mdp|mot secret|code secret|code pin|pin(?: code"
    r"| number)?|code confidentiel|code personnel"
    r"|(?:access|security|verification|one-time|unlock|gate|door|login|confirmation|2fa|backup|recovery|activation"
    r"|sms|entry|alarm) code|otp|cvv2?|cvc2?|cryptogramme(?: visuel)?"
    r"|code (?:d['’](?:accès|activation|entrée|authentification)|de (?:sécurité|vérification|confirmation"
    r"|récupération|la porte|déverrouillage|l['’]alarme|validation)|sms|reçu|du portail|immeuble|porte|wifi"
    r"|à usage unique)"
    r"|digicode|interphone|(?:wi-?fi|api|licen[cs]e|product|secret|private) key|cl(?:é|ef) (?:wi-?fi|api"
    r"|de licence|privée|secrète)|api token|access token|puk|security answer|réponse secrète|memorable word"
)
_JOIN = (
    r"(?:[ \u00a0]{0,2}(?:temporaire|provisoire|actuel|actuelle|temporary|current|new|old|nouveau|ancien|is|was"
    r"|est|était|c['’]est|be|en|number|code|of|for the \w{1,12}|de l['’]\w{1,12}|de la [^\W\d]{1,12}(?: [^\W\d]{1,12})?"
    r"|du \w{1,12}|du|de|la|ma|ce|(?:changed |reset )?to)(?!\w)|[ \u00a0]{0,2}(?:à|:|=|->|→|,)){0,4}[ \u00a0]{0,3}"
)
_QUOTES = r"[\"'“«‘`(\[][ \u00a0]?"


_SHORTEST = 4


def _is_secret(match: re.Match[str]) -> bool:
    """Requires quotes, or something that no plain word has: a digit, a symbol, a capital inside. Short codes count
    only in quotes or as a card's security code."""
    code = match["code"]
    printed = match[0].lower().startswith(("cv", "crypto"))
    if len(code) < _SHORTEST and not match["quote"] and not printed:
        return False
    return (
        bool(match["quote"])
        or re.search(r"\d|[^\w.,;:!?'’)»\"…-]|(?<=\w)[A-Z](?=\w*[a-z])|(?<=[a-z])[A-Z]", code) is not None
    )


SECRETS: tuple[Form, ...] = (
    Form(
        "SECRET",
        re.compile(
            rf"(?<!\w)(?:{_NAMED})(?!\w){_JOIN}(?P<quote>{_QUOTES})?(?P<code>\d{{2,4}}[ -]\d{{2,4}}(?!\w)"
            rf"|[^\s\"“”«»<>]{{3,64}})(?<![.,;:!?)\]'’])",
            re.IGNORECASE,
        ),
        _is_secret,
        "code",
    ),
    Form("PLATE", re.compile(r"(?<![\w-])[A-HJ-NP-TV-Z]{2}[- ]\d{3}[- ][A-HJ-NP-TV-Z]{2}(?![\w-])")),
    Form("PLATE", re.compile(r"(?<![\w-])[A-HJ-PR-Y][A-HJ-PR-Y]\d{2} [A-HJ-PR-Z]{3}(?![\w-])")),
    Form(
        "PLATE",
        re.compile(
            r"(?<!\w)(?:plates?|number plate|licen[cs]e plate|registration|reg(?: number)?|plaques?"
            r"|immatricul\w{1,8}|plaque d['’]immatriculation|kennzeichen|matrícula|targa|véhicule|voiture|car"
            r"|camion|fourgon|scooter|moto)"
            r"(?!\w)(?:[ \u00a0]{0,2}(?:numbers?|numéro|n°|nº|is|est|:|=|immatriculée?|plate|with|avec|sous|le|la"
            r"|d['’]immatriculation)){0,4}[ :\u00a0(]{0,3}"
            r"(?P<code>[A-Z]{1,3}[- ]?\d{2,4}[- ]?[A-Z]{2,3}|\d{1,4}[- ]?[A-Z]{1,3}[- ]?\d{2,3}"
            r"|[A-Z]{1,2}\d{1,3}[- ]?[A-Z]{3})(?!\w)",
            re.IGNORECASE,
        ),
        group="code",
    ),
)
