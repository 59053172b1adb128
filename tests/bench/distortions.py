"""What models do to tokens: twelve ways of writing "[NAME_1]" otherwise, drawn for each use.

Each way says nothing about how tokens are read again; the type words in other languages are this file's own.
"""

import html
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Draw = random.Random
Distort = Callable[[str, Draw], str]

_TRANSLATED: Mapping[str, Sequence[str]] = {
    "NAME": ("NOM", "NOMBRE", "NOME", "PRÉNOM"),
    "MR": ("MONSIEUR", "HERR", "SEÑOR"),
    "MRS": ("MADAME", "FRAU", "SEÑORA"),
    "DR": ("DOCTEUR", "DOKTOR"),
    "PLATE": ("PLAQUE", "MATRÍCULA", "KENNZEICHEN"),
    "EMAIL": ("COURRIEL", "CORREO", "E-MAIL"),
    "PHONE": ("TÉLÉPHONE", "TELÉFONO", "TELEFON"),
    "ADDRESS": ("ADRESSE", "DIRECCIÓN", "INDIRIZZO"),
    "CARD": ("CARTE", "TARJETA", "KARTE"),
    "IBAN": ("RIB", "IBAN"),
    "TAX": ("IMPÔT", "TVA", "STEUER"),
    "SSN": ("SÉCU", "NIR", "SOCIAL SECURITY"),
    "ORDER": ("COMMANDE", "PEDIDO", "BESTELLUNG"),
    "ACCOUNT": ("COMPTE", "CUENTA", "KONTO"),
    "IP": ("ADRESSE IP", "DIRECCIÓN IP"),
    "BIRTH": ("NAISSANCE", "NACIMIENTO", "GEBURTSDATUM"),
    "URL": ("LIEN", "ENLACE", "LINK"),
    "FIELD": ("CHAMP", "CAMPO", "FELD"),
    "TEXT": ("TEXTE", "TEXTO", "TESTO"),
    "SECRET": ("MOT DE PASSE", "CONTRASEÑA", "PASSWORT"),
}
_ACCENTED = str.maketrans({"A": "Â", "E": "É", "I": "Î", "O": "Ô", "U": "Ù", "N": "Ñ"})
_TOKEN = re.compile(r"\[([A-Z]+)_(\d+)\]")


def _parts(token: str) -> tuple[str, str]:
    kind, _, number = token[1:-1].rpartition("_")
    return kind, number


def _cased(token: str, draw: Draw) -> str:
    return draw.choice((token.lower(), token.title(), token.swapcase()))


def _spaced(token: str, draw: Draw) -> str:
    kind, number = _parts(token)
    return draw.choice(
        (f"[ {kind}_{number} ]", f"[{kind} {number}]", f"[{kind} _ {number}]", f"[ {kind}\u00a0{number} ]")
    )


def _rebracketed(token: str, draw: Draw) -> str:
    inner = token[1:-1]
    return draw.choice((inner, f"({inner})", f"{{{inner}}}", f"<{inner}>", f"[{token}]", f"{{{{{inner}}}}}"))


def _punctuated(token: str, draw: Draw) -> str:
    kind, number = _parts(token)
    return draw.choice(
        (f"[{kind}-{number}]", f"[{kind}:{number}]", f"[{kind}.{number}]", f"[{kind}#{number}]", f"[{kind}{number}]")
    )


def _accented(token: str, _draw: Draw) -> str:
    kind, number = _parts(token)
    return f"[{kind.translate(_ACCENTED)}_{number}]"


def _quoted(token: str, draw: Draw) -> str:
    return draw.choice((f'"{token}"', f"“{token}”", f"«\u00a0{token}\u00a0»", f"'{token}'", f"`{token}`"))


def _translated(token: str, draw: Draw) -> str:
    kind, number = _parts(token)
    word = draw.choice(_TRANSLATED[kind])
    return f"[{draw.choice((word, word.lower(), word.capitalize()))}_{number}]"


def _repeated(token: str, _draw: Draw) -> str:
    return f"{token}, {token}"


def _split(token: str, draw: Draw) -> str:
    kind, number = _parts(token)
    return draw.choice(
        (
            f"[{kind}_\n{number}]",
            f"[{kind}\n_{number}]",
            f"[\n{kind}_{number}\n]",
            f"[{kind[:2]}-\n{kind[2:]}_{number}]",
        )
    )


def _escaped(token: str, draw: Draw) -> str:
    kind, number = _parts(token)
    numeric = f"&#91;{kind}_{number}&#93;"
    return draw.choice(
        (numeric, html.escape(f"<{kind}_{number}>"), numeric.replace("&", "&amp;"), f"[{kind}&#95;{number}]")
    )


def _stressed(token: str, draw: Draw) -> str:
    kind, number = _parts(token)
    return draw.choice(
        (f"**{token}**", f"[**{kind}_{number}**]", f"_{token}_", f"[{kind}\\_{number}]", f"***{token}***")
    )


@dataclass(frozen=True, slots=True)
class Distortion:
    """`distort` writes one token otherwise; `everywhere` says whether all tokens of a text are, or only the first."""

    name: str
    distort: Distort
    everywhere: bool = True


DISTORTIONS: tuple[Distortion, ...] = (
    Distortion("case", _cased),
    Distortion("spacing", _spaced),
    Distortion("brackets", _rebracketed),
    Distortion("punctuation", _punctuated),
    Distortion("accents", _accented),
    Distortion("quoting", _quoted),
    Distortion("translation", _translated),
    Distortion("repetition", _repeated),
    Distortion("omission", lambda _token, _draw: "", everywhere=False),
    Distortion("lines", _split),
    Distortion("escaping", _escaped),
    Distortion("emphasis", _stressed),
)


def distorted(masked: str, table: Mapping[str, str], distortion: Distortion, draw: Draw) -> tuple[str, str]:
    """The text as the model wrote it, and what it must become: values in the tokens' places, all else as it was.

    What a distortion puts around a whole token (quotes, emphasis) is the model's own and stays; so it does in the second.
    """
    wrote: list[str] = []
    right: list[str] = []
    at = 0
    for count, match in enumerate(_known(masked, table)):
        plain = masked[at : match.start()]
        token = match[0]
        new = distortion.distort(token, draw) if distortion.everywhere or not count else token
        wrote += (plain, new)
        right += (plain, _valued(new, token, table[token]))
        at = match.end()
    return "".join((*wrote, masked[at:])), "".join((*right, masked[at:]))


def _known(masked: str, table: Mapping[str, str]) -> list[re.Match[str]]:
    return [match for match in _TOKEN.finditer(masked) if match[0] in table]


def _valued(new: str, token: str, value: str) -> str:
    """The value where the token stands whole in the new writing; else instead of all of it."""
    return new.replace(token, value) if token in new and new != f"[{token}]" else value if new else ""
