"""Recognises masking tokens in what a model wrote, despite the ways in which models alter them, or refuses the text.

Models change case, spacing, brackets and punctuation, add accents, translate the kind word, escape HTML, add
emphasis, and break lines. A token is restored if its kind and number are beyond doubt; anything that only might be a
token makes the whole result `None`, since a wrong name in a customer's mail is worse than no mail.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guardrails.pii.spans import Kind, Span

TOKEN = re.compile(r"\[[A-Z]+_\d+\]")
"""A token as a mask writes it."""

# The kind words in other languages and in a model's own choice of words; letters only, unaccented.
_ALIASES: Mapping[Kind, str] = {
    "NAME": "NAME NAMES NOM NOMS PRENOM NOMBRE NOME NAAM NOMECOMPLETO NOMCOMPLET FULLNAME FIRSTNAME LASTNAME PERSON "
    "PERSONNE PERSONA CUSTOMERNAME NOMDUCLIENT NOMCLIENT CLIENTNAME USERNAME NAZWISKO IMIE ISIM NAMN",
    "MR": "MR MONSIEUR MISTER SENOR SIGNOR HERR SR",
    "MRS": "MRS MME MADAME MS SENORA SIGNORA FRAU MISSUS",
    "DR": "DR DOCTOR DOCTEUR DOKTOR",
    "SECRET": "SECRET SECRETS PASSWORD MOTDEPASSE CODESECRET CODE CONTRASENA PASSWORT PASSWORD KENNWORT SENHA "
    "SEGRETO SECRETO GEHEIMNIS PIN",
    "PLATE": "PLATE PLATES PLAQUE PLAQUES IMMATRICULATION MATRICULA TARGA KENNZEICHEN NUMBERPLATE LICENSEPLATE KENTEKEN",
    "EMAIL": "EMAIL EMAILS MAIL COURRIEL CORREO EMAILADDRESS ADRESSEEMAIL ADRESSEMAIL ADRESSECOURRIEL ADRESSEMEL "
    "CORREOELECTRONICO EPOST EPOSTA INDIRIZZOEMAIL MEL",
    "PHONE": "PHONE PHONES TELEPHONE TEL TELEFON TELEFONO TELEFONE TELEFOON MOBILE PORTABLE PHONENUMBER "
    "NUMERODETELEPHONE TELEPHONENUMBER RUFNUMMER",
    "ADDRESS": "ADDRESS ADDRESSES ADRESSE ADRESSES DIRECCION INDIRIZZO ENDERECO ADRES ADRESS ADRESSEPOSTALE "
    "POSTALADDRESS ANSCHRIFT",
    "CARD": "CARD CARDS CARTE CARTES TARJETA CARTA CARTAO KAART KARTE CARDNUMBER CREDITCARD NUMERODECARTE "
    "CARTEBANCAIRE CARTEDECREDIT KREDITKARTE",
    "IBAN": "IBAN IBANS RIB",
    "TAX": "TAX TAXID TAXNUMBER FISCAL IMPOT NUMEROFISCAL IMPUESTO VAT TVA STEUER STEUERNUMMER",
    "SSN": "SSN NIR SECU SOCIALSECURITY SOCIALSECURITYNUMBER SECURITESOCIALE NUMERODESECURITESOCIALE",
    "ORDER": "ORDER ORDERS COMMANDE COMMANDES PEDIDO ORDINE ENCOMENDA BESTELLUNG BESTELLING ORDEN ZAMOWIENIE ORDERNUMBER "
    "ORDERID NUMERODECOMMANDE SIPARIS",
    "ACCOUNT": "ACCOUNT ACCOUNTS COMPTE COMPTES CUENTA CONTA CONTO KONTO REKENING ACCOUNTNUMBER NUMERODECOMPTE HESAP",
    "IP": "IP IPS IPADDRESS ADRESSEIP DIRECCIONIP",
    "BIRTH": "BIRTH BIRTHDATE BIRTHDAY DATEOFBIRTH DOB NAISSANCE DATEDENAISSANCE NACIMIENTO GEBURTSDATUM NASCITA "
    "NASCIMENTO GEBOORTE GEBURT",
    "URL": "URL URLS LINK LINKS LIEN LIENS ENLACE COLLEGAMENTO",
    "FIELD": "FIELD FIELDS CHAMP CHAMPS CAMPO FELD VELD",
    "TEXT": "TEXT TEXTS TEXTE TEXTES TEXTO TESTO TEKST",
}
_KIND: Mapping[str, Kind] = {alias: kind for kind, aliases in _ALIASES.items() for alias in aliases.split()}


_OPEN = r"(?:\\?[\[({<【［〔«]|&(?:amp;)?(?:#91|#x5b|lbrack|lsqb|lt|#60|#40|lpar|lcub|#123);|%5B)"
_CLOSE = r"(?:\\?[\])}>】］〕»]|&(?:amp;)?(?:#93|#x5d|rbrack|rsqb|gt|#62|#41|rpar|rcub|#125);|%5D)"
# What may come between the characters of one token: blanks, line breaks, emphasis, escapes, tags, quotes, invisible
# characters.
_LOW_LINE = r"(?:\\?_|&(?:amp;)?(?:#95|#x5f|lowbar);|%5F)"
_DRESS = r"(?:[\s*_`~\\\"'“”‘’\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f]|</?[a-z]{1,8}\s?/?>|&(?:amp;)?(?:nbsp|quot|#39);|%20)"
_JOINT = rf"(?:{_LOW_LINE}|{_DRESS}|[-‐-―−.:;#=/|+º°])"
_LETTER = r"[^\W\d_]"
_NUMBER = r"[1-9]\d{0,4}(?!\d)"

_BRACKETED = re.compile(
    rf"(?P<open>{_OPEN}){_DRESS}{{0,6}}(?P<word>{_LETTER}(?:[\s\-_*`\u00ad\u200b\u0300-\u036f]{{0,3}}{_LETTER}){{1,30}})"
    rf"(?P<joint>{_JOINT}{{0,8}})(?P<number>{_NUMBER}){_DRESS}{{0,6}}{_CLOSE}",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?P<open>[\[{{]?)(?<![^\W_])(?P<word>{_LETTER}(?:[_\u0300-\u036f]?{_LETTER}){{1,30}})(?P<joint>{_JOINT}{{0,6}})"
    rf"(?P<number>{_NUMBER})(?![^\W_]|[.,]\d)[\]}}]?",
    re.IGNORECASE,
)
"""A token without brackets, or with only one of the pair, which then belongs to the token."""
_MORE_FIGURES = re.compile(r"\s?\s\d{1,4}\s?[\]}]")
"""The rest of a number that was split, as in "[NAME_1 2]"."""
_NUMBERLESS = re.compile(
    rf"(?P<open>[\[{{【［]|&(?:amp;)?(?:#91|lbrack|lsqb);|%5B){_DRESS}{{0,4}}(?P<word>{_LETTER}{{2,30}})"
    rf"(?P<joint>{_JOINT}{{0,3}})(?:[a-z]{{0,6}}|0\d{{0,4}}|\?)(?P<number>){_DRESS}{{0,3}}"
    r"(?:[\]}】］]|&(?:amp;)?(?:#93|rbrack|rsqb);|%5D)",
    re.IGNORECASE,
)
"""A kind word in brackets whose number is lost or has become a word."""
_STUMP = re.compile(rf"(?P<open>)(?<![^\W_])(?P<word>{_LETTER}{{2,30}})(?P<joint>{_LOW_LINE})(?P<number>)(?![^\W])")
_PAIRS = ("[]", "{}", "<>")
_REMARK = 200


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something that is, was, or might be a token: which token, and whether that is beyond doubt."""

    start: int
    end: int
    token: str
    sure: bool
    might_be_words: bool


def put_back(text: str, table: Mapping[str, str]) -> str | None:
    """Returns `text` with each token replaced by its value; `None` if a token is damaged, unknown or ambiguous."""
    parts: list[str] = []
    at = 0
    for sign in _signs(text):
        if sign.might_be_words and not any(token.endswith(sign.token) for token in table):
            continue
        if not sign.sure or sign.token not in table:
            return None
        parts += (text[at : sign.start], table[sign.token])
        at = sign.end
    return "".join((*parts, text[at:]))


def tokenish(text: str) -> Iterator[Span]:
    """Yields everything in a customer's text that could be mistaken for a token."""
    for sign in _signs(text):
        yield Span(sign.start, sign.end, "TEXT")


def _signs(text: str) -> list[_Sign]:
    """Returns all candidates in order, the clearest patterns first: what one pattern has matched, the next ones do not see."""
    signs: list[_Sign] = []
    left = text
    for pattern, read in _READINGS:
        found = [sign for match in pattern.finditer(left) if (sign := read(match, text))]
        left = _without(left, found)
        signs += found
    return sorted(signs, key=lambda sign: sign.start)


def _without(text: str, signs: Sequence[_Sign]) -> str:
    parts: list[str] = []
    at = 0
    for sign in signs:
        parts += (text[at : sign.start], "\x00" * (sign.end - sign.start))
        at = sign.end
    return "".join((*parts, text[at:]))


def _bracketed(match: re.Match[str], text: str) -> _Sign | None:
    start, end = _with_twins(text, match.start(), match.end())
    kind = _KIND.get(_letters(match["word"]))
    is_round = match["open"].strip("\\") in ("(", "«") or "40" in match["open"] or "lpar" in match["open"]
    strong = _is_strong(match)
    if kind is None:
        shouts = strong and _has_low_line(match) and not is_round
        return _Sign(start, end, "?", sure=False, might_be_words=False) if shouts and match["word"].isupper() else None
    return _Sign(start, end, _token(kind, match), sure=strong or not is_round, might_be_words=is_round and not strong)


def _bare(match: re.Match[str], text: str) -> _Sign | None:
    kind = _KIND.get(_letters(match["word"]))
    strong = _is_strong(match)
    end = match.end("number") if _closes_another(match, text) else match.end()
    if kind is None:
        shouts = match["word"].isupper() and _has_low_line(match)
        suffix = f"_{match['number']}]"
        return _Sign(match.start(), end, suffix, sure=False, might_be_words=True) if shouts else None
    if not strong and match["joint"] not in _WEAK_JOINTS:
        return None
    token = _token(kind, match)
    sure = strong and _MORE_FIGURES.match(text, match.end("number")) is None
    return _Sign(match.start(), end, token, sure=sure, might_be_words=not _has_low_line(match))


def _closes_another(match: re.Match[str], text: str) -> bool:
    """Returns whether the bracket after a bare token closes a longer remark: "[see NAME_1]"."""
    before = text[max(0, match.start() - _REMARK) : match.start()]
    return not match["open"] and before.rfind("[") > before.rfind("]")


def _broken(match: re.Match[str], _text: str) -> _Sign | None:
    kind = _KIND.get(_letters(match["word"]))
    if kind is None or not (_is_strong(match) or kind == "NAME"):
        return None
    return _Sign(match.start(), match.end(), "?", sure=False, might_be_words=False)


_READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], _Sign | None]], ...] = (
    (_BRACKETED, _bracketed),
    (_BARE, _bare),
    (_NUMBERLESS, _broken),
    (_STUMP, _broken),
)
_WEAK_JOINTS = frozenset({"", " ", "-", "#", " #", "\u00a0"})


def _with_twins(text: str, start: int, end: int) -> tuple[int, int]:
    """Extends a token to doubled brackets, as in "[[NAME_1]]"; other brackets around it belong to the writer."""
    while start and f"{text[start - 1]}{text[end : end + 1]}" in _PAIRS and text[start - 1] == text[start]:
        start, end = start - 1, end + 1
    return start, end


def _letters(word: str) -> str:
    plain = unicodedata.normalize("NFD", word).upper()
    return "".join(letter for letter in plain if letter.isalpha())


def _is_strong(match: re.Match[str]) -> bool:
    return _has_low_line(match) or match["word"].isupper()


def _has_low_line(match: re.Match[str]) -> bool:
    return re.search(_LOW_LINE, match["joint"]) is not None


def _token(kind: Kind, match: re.Match[str]) -> str:
    return f"[{kind}_{match['number']}]"
