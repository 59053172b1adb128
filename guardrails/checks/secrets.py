"""Checks for secrets that no customer may see, and for requests for secrets that no customer should send.

G040 key or token       hit: "sk-…", "AKIA…", a JWT. miss: "order CMD-12345".
G041 password shown     hit: "password: hunter2!". miss: "Choose a new password."
G042 prompt shown       hit: "My system prompt says …". miss: "Press the prompt button".
G043 data-block mark    hit: "<<<data-4f2a>>>". miss: "<< Retour >>".
G044 left-over token    hit: "Bonjour [NAME_1]". miss: "[1]".
G045 asks for a secret  hit: "Send us your password." miss: "Never send us your password."

Only keys are looked for in whole copies of published lines: what the tenant publishes is no secret ("The PIN is 0000"). A
colleague's answer to somebody else and a fact about one customer are not published.
"""

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.grounding.allowed_sources import trusted_sentences
from guardrails.grounding.copies import is_copy
from guardrails.pii.spans import Kind
from guardrails.text.vocabulary import EMPTY
from guardrails.text.words import fold
from guardrails.untrusted.planted_instructions import is_told

KEY = "klark.G040"
PASSWORD = "klark.G041"  # noqa: S105  # the name of a finding
PROMPT = "klark.G042"
MARK = "klark.G043"
TOKEN = "klark.G044"  # noqa: S105  # the name of a finding
ASKS = "klark.G045"

_NAMED = r"(?:password|passcode|passphrase|pwd|mot de passe|mdp|api[ _-]?key|cl[ée] (?:d')?api|secret|token|code pin|pin code)"
_CODE = r"(?!\s{0,3}(?://|https?://|www\.))\s{0,3}[\"'«“]?\s?(?=\S{0,60}[\d!@#$%^&*_])[^\s\"'»”]{4,120}"
_NAME = re.compile(rf"\b{_NAMED} ", re.IGNORECASE)
_COMPLEMENT = re.compile(
    r"(?P<first>[^\W\d_]+)\b[^.,;:!?\n]{1,80}?(?:[:=]|\b(?:is|was|be|est|était|sera)\b)"
    rf"(?!\s{{1,3}}[^\W\d_]+!(?:\s|$)){_CODE}",
    re.IGNORECASE,
)
"""What a name says more of itself, and then the secret: "password *for the portal is Kestrel4471*"."""

_SEEN: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        KEY,
        "a key or token",
        re.compile(
            r"(?<![\w-])(?:sk-[\w-]{16,200}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_\w{20,100}|github_pat_\w{20,100}|"
            r"glpat-[\w-]{20}|xox[abprs]-[\w-]{10,200}"
            r"|AIza[\w-]{30,50}|eyJ[\w-]{10,2000}\.[\w-]{10,2000}|[sr]k_(?:live|test)_\w{16,100}|hf_\w{30,50}|"
            r"SG\.[\w-]{16,32}\.[\w-]{16,64})"
            r"|-----BEGIN [A-Z ]{0,30}(?:KEY|CERTIFICATE)|\b(?:Bearer|Basic) [\w.+/=-]{16,2000}|"
            r"://[^\s:/@]{1,100}:[^\s@/]{1,100}@"
        ),
    ),
    (
        PASSWORD,
        "a password",
        re.compile(rf"\b{_NAMED}\s{{0,3}}(?:[:=]|\bis\b|\best\b){_CODE}", re.IGNORECASE),
    ),
    (
        MARK,
        "a mark of klark's own data blocks",
        re.compile(
            r"<<<|>>>|</?(?:data|ticket|passages?|articles?|instructions?|system)(?:[ _:-][\w-]{0,40})?>|\[/?INST\]|"
            r"<\|[\w-]{1,30}\|>",
            re.IGNORECASE,
        ),
    ),
    (
        TOKEN,
        "a token that stands for personal data",
        re.compile(
            # Round brackets also enclose names of standards ("AES-256"), and French quotes those of buttons ("HDMI 2"):
            # only klark's own kinds count there.
            r"[\[{<⟦]{1,2}\s{0,3}[A-Z][A-Z_]{1,24}[ _-]{0,2}\d{1,4}\s{0,3}[\]}>⟧]{1,2}|"
            rf"[(«]\s{{0,3}}(?:{'|'.join(get_args(Kind))})[ _-]{{0,2}}\d{{1,4}}\s{{0,3}}[)»]|\b(?:NAME|PERSON|"
            r"FIRSTNAME|LASTNAME|EMAIL|PHONE|ADDRESS|CARD|IBAN|ORDER|ACCOUNT|SSN|TAX|IP|DOB|NOM|PRENOM|ADRESSE|"
            r"TELEPHONE|COMMANDE|COMPTE)_\d{1,4}\b"
        ),
    ),
)
_PROMPT = re.compile(
    r"\b(?:system prompt|prompt systeme|(?:my|mon|mes|the system|the developer|developer) (?:system )?(?:prompt|"
    r"instructions|consignes|directives)\b|"
    r"voici mon prompt|here (?:is|are) my (?:prompt|instructions)|(?:i was|i am|i have been|j ai ete|on m a) (?:told|"
    r"instructed|programmed|configured|programme|configure|instruite?)|"
    r"you are klark|tu es klark|vous etes klark|knowledge cutoff|language model|modele de langage)"
)
_REQUEST = re.compile(
    r"\b(?:send|give|tell|share|provide|confirm|enter|reply with|type|email|text|envoy\w+|donn\w+|communiqu\w+|"
    r"transmett\w+|indiqu\w+|confirm\w+|fourni\w+|precis\w+|entrez|saisissez|repond\w+)\b"
    r"(?: \S{1,30}){0,6}? (?:password|passcode|pin|cvv|cvc|security code|verification code|one time code|card number|"
    r"card details|full card|bank details|login details|credentials|social security number|"
    r"mot de passe|code (?:secret|pin|confidentiel|de securite|de verification|a usage unique)|cryptogramme|numero de"
    r" (?:carte|securite sociale)|coordonnees bancaires|identifiants(?: bancaires)?)\b"
)
_NEVER = r"\b(?:never|not|no one|nobody|don t|jamais|pas|aucun|ne|n(?= (?:[aeiouyh]|$)))\b"
_FORBIDS = re.compile(_NEVER)
_TOLD_NOBODY = re.compile(r"\w+ (?:(?:it|to|with|a) ){0,2}(?:no one|nobody)\b")
"""The verb and, after it, who must not hear: "tell no one your PIN"."""
# What ends the clause before a request: a "not" on the other side says nothing about it.
_CUT = re.compile(r"[,:;.!?()…–—]|\b(?:please|merci de|veuillez|but|so|until|unless|mais|donc|tant que|a moins)\b")
# A "not" that demands the deed: of putting it off, in a condition that the reader is to meet, in a proposal.
_URGES = re.compile(
    rf"{_NEVER} (?:\w+ ){{0,2}}(?:hesitat|forget|delay|fail|wait|neglect|omit|worry|hesit|oubli|tard|attend|manqu|"
    rf"neglig|omett|inquiet)|\b(?:(?:if|si) (?:you|vous)|why|pourquoi)\b.{{0,40}}{_NEVER}"
)
_ALWAYS = re.compile(r"\b(?:never|no one|nobody|jamais|aucun)\b")
_END = re.compile(r"[:;.!?…]|\b(?:please|merci de|veuillez|but|mais)\b")
"""A "never" forbids across an aside ("never, under any circumstances, ask"), and ends here."""
_NEAR = 60
"""Maximum number of characters between a "not" and the request that it forbids."""


def secrets(reply: Reply, options: Options) -> list[Finding]:
    """Returns BLOCK findings on keys, passwords, prompts, data-block marks and masking tokens, and on requests for secrets."""
    unpublished = dict(_unpublished(reply))
    seen = [
        Finding(id_, Level.BLOCK, f"{what}: {_shown(id_, hit.group())}", place, _shown(id_, hit.group()))
        for place, sentence in enumerate(reply.sentences)
        for id_, what, pattern in _SEEN
        if (id_ == KEY or place in unpublished)
        and (hit := pattern.search(sentence.text) or (_told_later(sentence.text) if id_ == PASSWORD else None))
    ]
    return [*seen, *_said(unpublished, reply)]


def _unpublished(reply: Reply) -> Iterator[tuple[int, Sentence]]:
    """Yields (index, sentence) for the sentences that are no whole copies of what the tenant publishes."""
    for place, sentence in trusted_sentences(reply):
        published = [source for source in sentence.sources if not source.personal and source.answered is None]
        if not is_copy(sentence.text, published):
            yield place, sentence


def _told_later(text: str) -> re.Match[str] | None:
    """Returns a secret that stands behind a complement of its name, which begins with a function word ("for", "du", "that"):
    any other word makes it the name of something else ("the password reset is #4471")."""
    hits = (_COMPLEMENT.match(text, name.end()) for name in _NAME.finditer(text))
    return next((hit for hit in hits if hit and fold(hit["first"]) in EMPTY), None)


def _shown(id_: str, words: str) -> str:
    """Findings are stored and read by many people, so the secret itself is cut to its first six characters."""
    return f"{words[:6]}…" if id_ in {KEY, PASSWORD} else words


def _said(unpublished: Mapping[int, Sentence], reply: Reply) -> list[Finding]:
    found = []
    for place, sentence in unpublished.items():
        plain = " ".join(fold(sentence.text).replace("'", " ").replace("-", " ").split())
        hit = _PROMPT.search(plain)
        if hit and not is_told(hit.group(), sentence, reply, of="machines"):
            found.append(
                Finding(PROMPT, Level.BLOCK, f'speaks of its own instructions: "{hit.group()}"', place, hit.group())
            )
        hit = next((each for each in _REQUEST.finditer(plain) if not _is_forbidden(each)), None)
        if hit:
            found.append(
                Finding(ASKS, Level.BLOCK, f'asks the customer for a secret: "{hit.group()}"', place, hit.group())
            )
    return found


def _is_forbidden(request: re.Match[str]) -> bool:
    """Whether the words tell the reader not to do it, in the clause of the request itself."""
    before = request.string[max(0, request.start() - _NEAR) : request.start()]
    clause = _CUT.split(before)[-1]
    denied = _FORBIDS.search(clause) or _ALWAYS.search(_END.split(before)[-1])
    forbids = bool(denied) and not _URGES.search(f"{clause}{request.group()}")
    return forbids or bool(_TOLD_NOBODY.match(request.group()))
