"""Forms of postal addresses: streets as written in France, Britain, North America and their neighbours, towns, PO boxes."""

import re

from guardrails.pii.pattern import Form

_STREETS = (
    r"(?i:rue|avenue|av\.?|bd\.?|bld|boulevard|place|pl\.|chemin|ch\.|allée|allee|impasse|imp\.|quai|route|rte"
    r"|cours|square"
    r"|passage|résidence|residence|lotissement|sentier|faubourg|fbg|voie|esplanade|rond-point|hameau|villa|cité"
    r"|montée"
    r"|ruelle|promenade)"
)
_STREETS_EN = (
    r"(?i:street|st\.?|road|rd\.?|avenue|ave\.?|lane|ln\.?|drive|dr\.?|court|ct\.?|close|way|place|pl\.?|square"
    r"|sq\.?|terrace"
    r"|view|wharf|quay|quayside|green|park|walk|rise|parade|vale|heights|point|gate|brae|crescent|cres\.?|boulevard|blvd\.?|highway|hwy\.?|parkway|pkwy\.?|gardens|grove|row|mews|hill|circle|trail"
    r"|loop)"
)
_UNIT = (
    r"(?i:apt\.?|apartment|suite|ste\.?|unit|flat|floor|appartement|appt\.?|app\.|bât(?:iment)?\.?"
    r"|bat(?:iment)?\.?|étage"
    r"|etage|escalier|porte|esc\.?|box|bp|room)"
)
_UPPER = r"[^\W\d_a-zß-ÿœ]"
_STREET_WORD = r"[^\W\d_][\w'’-]{0,30}\.?"
_TOWN_WORD = rf"{_UPPER}[\w'’-]{{0,30}}"
_TOWN = (
    rf"{_TOWN_WORD}(?:[ -](?:(?i:sur|sous|en|les|lès|le|la|de|du)[ -])?{_TOWN_WORD}){{0,3}}"
    r"(?: (?i:cedex))?(?: \d{1,2}(?!\d))?"
)
_PARTS = (
    r"(?:[,\s]{1,3}(?i:résidence|residence|lotissement|lieu-dit|hameau|immeuble|bât(?:iment)?\.?|zone|za"
    r"|zi) [^\n,;.]{1,30})"
)
_UNIT_PART = rf"(?:{_PARTS}|[,\s]{{1,3}}{_UNIT} ?[#n°]{{0,2}} ?\w{{1,6}}\b)"
_POST = (
    rf"(?:[,\s–-]{{1,4}}\d{{4}} ?[A-Z]{{2}} {_TOWN}|[,\s–-]{{1,4}}(?:[A-Z]{{1,2}}-)?\d{{5}}(?:-\d{{4}})?[,\s]{{1,2}}{_TOWN}"
    rf"|[,\s–-]{{1,4}}{_TOWN}(?:,? [A-Z]{{2}})?,? \d{{4,5}}(?:-\d{{4}})?\b"
    rf"|[,\s]{{1,3}}(?:{_TOWN}[,\s]{{1,3}})?[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}}\b)"
)


_SURE = re.compile(r"(?i)\b(?:rue|avenue|av|bd|bld|boulevard|chemin|allée|allee|impasse|lotissement|faubourg)\b")


def _is_french_street(match: re.Match[str]) -> bool:
    """Requires a word that only streets have, or a capital after one that other things have too ("2 places libres")."""
    return _SURE.search(match[0]) is not None or re.search(r" [^\W\d_a-zß-ÿœ]", match[0]) is not None


def _is_street(match: re.Match[str]) -> bool:
    """Requires a capital or a number after the street word: "3 days in a row" and "2 of them on the way" are not streets."""
    words = match[0].split()[1:]
    return any(word[0].isupper() for word in words[:-1]) or bool(re.search(r"\d", " ".join(words)))


ADDRESSES: tuple[Form, ...] = (
    Form(
        "ADDRESS",
        re.compile(
            rf"(?:(?<!\w)(?i:bât(?:iment)?\.?|appt?\.?|appartement|escalier|étage|porte"
            rf"|résidence) [^\n,;.]{{1,20}}, ?){{0,3}}(?<![\w.-])\d{{1,4}}(?: ?(?i:bis|ter|quater"
            rf"|[A-D])\b)?,? {{0,2}}{_STREETS} "
            rf"(?:{_STREET_WORD} ){{0,6}}{_STREET_WORD}"
            rf"{_UNIT_PART}{{0,3}}{_POST}?"
        ),
        _is_french_street,
    ),
    Form(
        "ADDRESS",
        re.compile(
            rf"(?<![\w.,-])\d{{1,5}}[A-Za-z]?,? (?:{_STREET_WORD} ){{1,4}}{_STREETS_EN}(?!\w)"
            rf"(?: (?:N|S|E|W|NE|NW|SE|SW)\b)?{_UNIT_PART}{{0,3}}{_POST}?"
        ),
        _is_street,
    ),
    Form(
        "ADDRESS",
        re.compile(
            r"(?<!\w)[^\W\d_][\w-]{1,30}(?:straße|strasse|straat|str\.|weg|platz|allee|gasse|laan|gracht|singel|kade|dijk|gatan|vägen|veien|vej"
            r"|plein) \d{1,4} ?[a-z]?(?!\w)"
            rf"{_POST}?"
        ),
    ),
    Form(
        "ADDRESS",
        re.compile(
            r"(?<!\w)(?i:via|calle|avenida|avda\.?|plaza|piazza|corso|viale|rua|travessa|ulica|ul\.) "
            rf"(?:{_STREET_WORD} ){{0,4}}{_STREET_WORD},? ?\d{{1,4}}(?!\w){_POST}?"
        ),
    ),
    Form(
        "ADDRESS",
        re.compile(
            r"(?<!\w)(?i:P\.?O\.? ?Box|B\.?P\.?|boîte postale|PSC|Unit) \d{1,6}(?:,? ?Box \d{1,6})?"
            rf"(?:[,\s]{{1,3}}(?:[AFD]PO|DPO) [A-Z]{{2}} \d{{5}})?{_POST}?"
        ),
    ),
    Form("ADDRESS", re.compile(rf"(?<![\w.,-])(?:F-)?\d{{5}} (?!(?i:euros?|eur|points?|pts)\b){_TOWN}")),
    Form(
        "ADDRESS", re.compile(r"(?<!\w)(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-HJKPSTUW\d]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w)")
    ),
)
