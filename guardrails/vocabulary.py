"""Tables of words, French and English, that the checks read: which carry no fact, which turn a fact round, which mean
the same, which exclude each other. All are written without accents and in lower case, as `words.fold` leaves them. The long
ones are text files beside this one, `words_*.txt`."""

from pathlib import Path

_HERE = Path(__file__).parent


def word_set(text: str) -> frozenset[str]:
    """The words of a table written as running text."""
    return frozenset(text.split())


STOPS = word_set(", ; : . ! ? ( ) —")
"""Tokens that end a clause."""


def _text(name: str) -> str:
    return (_HERE / f"{name}.txt").read_text(encoding="utf-8").strip()


def _same(groups: str) -> dict[str, str]:
    """Each word of a line -> the line's first word."""
    lines = [line.split() for line in groups.strip().splitlines()]
    return {word: line[0] for line in lines for word in line}


# Words that are evidence of nothing, whether both texts have them or not; pronouns and opinion words above all.
EMPTY = word_set(_text("words_empty"))

# Light words: they may be missing from a source without making a claim unfounded.
LIGHT = word_set(_text("words_light"))

NEGATORS = word_set("not never no none neither nor without cannot pas jamais aucun aucune rien ni sans nul nulle")
RESTRICTORS = word_set("only solely exclusively seulement uniquement exclusivement seul seule seuls seules")

# Number words as digits, so that "two" and "2" are one word; "one" and "un" are mostly articles.
COUNTS: dict[str, str] = {
    word: number
    for number, words in {
        "2": "two deux",
        "3": "three trois",
        "4": "four quatre",
        "5": "five cinq",
        "6": "six",
        "7": "seven sept",
        "8": "eight huit",
        "9": "nine neuf",
        "10": "ten dix",
        "11": "eleven onze",
        "12": "twelve douze",
        "15": "fifteen quinze",
        "20": "twenty vingt",
        "30": "thirty trente",
        "100": "hundred cent",
    }.items()
    for word in words.split()
}

# word -> (the word it denies). "impossible" is "possible", negated.
DENIES: dict[str, str] = {
    "impossible": "possible",
    "unable": "able",
    "unavailable": "available",
    "indisponible": "disponible",
    "forbid": "allow",
    "forbidden": "allow",
    "prohibit": "allow",
    "interdire": "autoriser",
    "interdit": "autoriser",
    "refuse": "accept",
    "reject": "accept",
    "refuser": "accepter",
    "exclude": "include",
    "exclure": "inclure",
    "exclu": "inclure",
    "invalid": "valid",
    "invalide": "valable",
    "ineligible": "eligible",
    "ineligibl": "eligible",
    "optional": "mandatory",
    "facultatif": "obligatoire",
    "optionnel": "obligatoire",
    "unlimited": "limit",
    "illimite": "limite",
    "disable": "enable",
    "deactivate": "enable",
    "desactiver": "activer",
    "incompatible": "compatible",
    "unnecessary": "necessary",
    "inutile": "necessaire",
    "payant": "gratuit",
    "deconseiller": "conseiller",
    "deconseille": "conseiller",
    "inadvisable": "advisable",
    "decline": "accept",
    "lack": "have",
    "fail": "succeed",
    "echouer": "reussir",
    "nonrefundable": "refund",
    "nontransferable": "transfer",
    "unused": "use",
    "unopened": "open",
    "unworn": "wear",
}

# These turn their whole clause round: "payment by cheque is impossible".
REFUSALS = word_set(
    """impossible unable unavailable indisponible forbid forbidden prohibit interdire interdit refuse reject refuser
    rejeter exclude exclure exclu invalid invalide ineligible ineligibl decline fail nonrefundable incompatible"""
)

# One line: words that say the same in a helpdesk. The first stands for all.
SAME = _same(_text("words_same"))

# One line: words of which a sentence means one; another in its place is another fact.
RIVALS: tuple[frozenset[str], ...] = tuple(map(word_set, _text("words_rivals").splitlines()))
