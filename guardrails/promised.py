"""Which promises a sentence makes: plain wordings, less what denies them, and what only tells when something happens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.promise_frames import Frame, Framed, framed
from guardrails.promise_rules import RULES, Class, Rule
from guardrails.words import fold


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: its class, the words that make it, whether it is said of everyone, and whether of a deed."""

    kind: Class
    words: str
    general: bool
    done: bool
    start: int
    stop: int


def promised(text: str) -> tuple[Promise, ...]:
    """The promises of one sentence, one a class and sort. What a more telling class says is no mere commitment."""
    plain = folded(text)
    clauses = () if is_conditional(plain) else tuple(map(folded, _CLAUSES.split(text)))
    worded = [found for rule in RULES for found in (_bare(rule, clauses) if rule.bare else _made(rule, plain, text))]
    made = [*worded, *(found for frame in _unlisted(plain, worded) for found in _built(frame, plain, text))]
    telling = [found for found in made if found.kind not in {"commitment", "deadline"}]
    kept = [found for found in made if found.kind != "commitment" or not any(_meet(found, other) for other in telling)]
    return tuple({(found.kind, found.general, found.done): found for found in reversed(kept)}.values())[::-1]


def _made(rule: Rule, plain: str, text: str) -> Iterator[Promise]:
    for hit in rule.pattern.finditer(plain):
        if rule.innocent and rule.innocent.match(plain, hit.start()):
            continue
        if _is_denied(plain, hit.span(), text) or _is_supposed(rule, hit.span(), plain, text):
            continue
        general = rule.general and not _is_own(hit, plain)
        yield Promise(rule.kind, hit[0].strip(" $"), general, rule.done, hit.start(), hit.end())


def _unlisted(plain: str, worded: list[Promise]) -> Iterator[Framed]:
    """The frames of a sentence where no list has spoken, which knows more of what it names."""
    for frame in framed(plain):
        if not any(frame.start < found.stop and found.start < frame.stop for found in worded):
            yield frame


def _built(found: Framed, plain: str, text: str) -> Iterator[Promise]:
    """A frame that nothing denies, and that does not only tell when something happens. A frame knows less than a list: what
    it finds without a speaker may be a rule in other words ("the fee will be lower for you"), which a source can support."""
    frame, span = found.frame, (found.start, found.stop)
    if not frame.denies and _is_denied(plain, span, text):
        return
    if not _is_supposed(frame, span, plain, text):
        words = plain[slice(*span)]
        general = frame.general or (frame.kind in _RULED and not frame.done and not _SPEAKS.search(f"{words} "))
        yield Promise(frame.kind, words.strip(" $"), general, frame.done, *span)


def _bare(rule: Rule, clauses: tuple[str, ...]) -> Iterator[Promise]:
    """Said without a subject or a verb, as the whole of a clause: "Done: order cancelled", « Remboursement effectué »."""
    for hit in filter(None, map(rule.pattern.fullmatch, clauses)):
        yield Promise(rule.kind, hit[0].strip(" $"), rule.general, rule.done, hit.start(), hit.end())


def _is_own(hit: re.Match[str], plain: str) -> bool:
    """Whether words that could be a rule for everyone are said of this customer: "we refund your order", "your parcel
    arrives Monday", "we refund it"; what a condition brings in ("if it is unused, we refund it") is still the rule."""
    if _YOURS.search(f"{hit[0]} ") or _THEN_YOURS.match(plain, hit.end()) or _of_yours(hit, plain):
        return True
    it = _THEN_IT.match(plain, hit.end()) or _IT.match(hit[0])
    return bool(it) and not is_conditional(plain)


def _of_yours(hit: re.Match[str], plain: str) -> bool:
    return bool(_YOURS_BEFORE.search(plain[: hit.start() + 1]) and not _SPEAKER.match(hit[0]))


_YOURS = re.compile(r" (?:you|your|yours|vous|votre|vos) ")
_THEN_YOURS = re.compile(r"(?: (?!if |si |when |for |pour |as )\w+){0,3} (?:you|your|yours|vous|votre|vos) ")
_YOURS_BEFORE = re.compile(r" (?:your|votre|vos)(?: \w+){1,3} $")
_SPEAKS = re.compile(r" (?:i|we|our|my|us|me|nous|je|j|notre|nos|mon|ma|mes|on) ")
_RULED: frozenset[Class] = frozenset(
    {"refund", "announced", "commitment", "discount", "compensation", "exception", "deadline"}
)
_SPEAKER = re.compile(r" (?:we|i|our|my|the|an?|nous|je|j|on|notre|nos|le|la|les|l|une?) ")
_THEN_IT = re.compile(r" (?:it|this) ")
_IT = re.compile(r" (?:nous|on|je) (?:le|la|l) ")


def _meet(one: Promise, other: Promise) -> bool:
    return one.start < other.stop and other.start < one.stop


def folded(text: str) -> str:
    """A sentence as the rules see it: contractions written out, no accents or marks, denials that affirm turned round,
    a blank before each word, and " $ " at its end."""
    plain = _SHOWN.sub(r"\1\2 x", fold(text))
    for short, full in _SHORT:
        plain = short.sub(full, plain)
    plain = f" {' '.join(_WORD.findall(plain))} $ "
    for denied, affirmed in _TURNED:
        plain = denied.sub(affirmed, plain)
    return plain


_WORD = re.compile(r"[^\W_]+")
# What a screen shows or a button says is said by nobody: the page shows "Your order has been cancelled".
_SHOWN = re.compile(
    r"\b(see|shows?|says?|reads?|displays?|click|tap|press|choose|select|button|option|status|verrez|voyez|affiche|indique|"
    r"lisez|cliquez|appuyez|choisissez|selectionnez|bouton|statut|mention)([^\"«“»”]{0,20})(?:\"[^\"]{1,80}\"|«[^»]{1,80}»|“[^”]{1,80}”)"
)
_SHORT = tuple(
    (re.compile(short), full)
    for short, full in (
        (r"\bcan't\b|\bcannot\b|\bcant\b", "can not"),
        (r"\bwon't\b|\bwont\b", "will not"),
        (r"\bshan't\b", "shall not"),
        (r"n't\b", " not"),
        (r"\bdont\b", "do not"),
        (r"'ll\b", " will"),
        (r"'ve\b", " have"),
        (r"'re\b", " are"),
        (r"\bi'm\b|\bim\b", "i am"),
        (r"\b(you|they|it)ll\b", r"\1 will"),
        (r"\b(you|we|they)ve\b", r"\1 have"),
        (r"\b(i|we|you|they)'d\b", r"\1 would"),
        (r"\b(it|that|this|there|here|what|everything)'s\b", r"\1 is"),
        (r"%", " percent "),
        (r"€", " euros "),
        (r"\$", " dollars "),
        (r"£", " pounds "),
    )
)
# These deny in words and promise all the same: "we won't fail to refund you", "nous ne vous facturerons rien".
_TURNED = tuple(
    (re.compile(denied), affirmed)
    for denied, affirmed in (
        (r" not (?:fail|hesitate|forget|omit) to ", " "),
        (r" not only ", " "),
        (r" non seulement ", " "),
        (r" (nous|je|on|equipe|service) ne manqu(?:erons|erai|era) pas (?:de|d) ", r" \1 va "),
        (r" (?:do|would|could|can) not (?:normally|usually|generally) ", " normally nevermore "),
        (r" will not cost you (?:anything|a penny|a cent) ", " will cost you nothing "),
        (r" ne vous couter(?:a|ont) (?:rien|pas) ", " vous sera offert nevermore "),
        (r" not (?:need to|have to) (?:send|return) (it|them|the \w+|anything)(?: back)? ", r" have nothing to send back "),
        (r" no need to (?:send|return) (?:it|them|the \w+|anything)(?: back)? ", " nothing to send back "),
        (r" should (?:never|not) have ", " should nevermore have "),
        (r" n (aurait|auriez|aurions|aurais) (?:pas|jamais) du ", r" \1 nevermore du "),
        (r" (?:never|not(?: ever)?) happen again ", " happen nevermore "),
        (r" ne se (?:re)?produira (?:pas|plus|jamais) ", " se reproduira nevermore "),
        (r" (?:will|shall) not (?:charge|bill|invoice) ", " will waive "),
        (r" you will not (?:be (?:charged|billed|invoiced)|pay|have to pay) ", " you will be waived "),
        (r" ne vous (?:facturerons|factureront|facturerai|compterons|demanderons|debiterons) (?:rien|pas|aucuns?|aucune) ",
         " vous offrirons gratuitement "),
        (r" vous ne (?:paierez|serez) (?:rien|pas (?:facturee?|debitee?)|aucuns?|aucune) ", " vous beneficierez de gratuit "),
        (r" ne (?:risquez|courez) (?:rien|aucun) ", " risquez nevermore "),
    )
)  # fmt: skip
_DENIED = re.compile(r" (?:not|never|cannot|unable|ne|n|pas|jamais|aucun|aucune|impossible|no longer|incapable) ")
_THEN_DENIED = re.compile(r" (?:pas|jamais) ")
_ASIDE = re.compile(r", {0,3}(?:pas|jamais)\b")  # "it is our fault, not your bank's" denies another thing
_FIRST_DENIED = re.compile(
    r" (?:(?:no|not|never|nothing|aucune?|without|sans|neither|nor|ni|pas|rien|whether)|"
    r"(?:not|never|pas) (?:give|offer|provide|be|constitute|donner|fournir|etre)(?: any)?|"
    r"pas (?:(?:donner|fournir|etre|constituer) )?(?:de|d|un|une))$"
)
# "Once your order has been shipped, …" tells when, not that it happened; so does a mail that says so.
_WHEN = (
    r"if|once(?! again)|when|whenever|until|as soon as|unless|provided|as long as|on receipt|upon|after(?! \w+ing )|"
    r"si|s il|s ils|une fois|lorsque?|quand|des que|(?:des|a) (?:la )?reception|tant que|jusqu a ce que|a condition que|"
    r"pourvu que|apres(?! (?:verification|avoir|examen|analyse|etude|controle) )"
)
# "In case you missed it, your order has been cancelled" tells of a deed all the same: only a rule may hang on these.
_CONDITION = re.compile(rf" (?:{_WHEN}|in case of|en cas de?) ")
_TOLD_OF = re.compile(
    rf" (?:{_WHEN}|after|apres|while|whether|before|pendant que|avant que|depuis que|"
    r"(?:says?|shows?|reads?|displays?|stating|saying|means|check|make sure|ensure|wait|see) (?:that|whether|if)|"
    r"(?:indique|affiche|signifie|precise|confirmant|indiquant|verifie[rz]|assurez vous|attendez) (?:que|si|bien que)) "
)
_IF = re.compile(r" (?:if|unless|whether|si) $")
_PRESENT = re.compile(r" (?:is|are|est|sont|c) ")
_CLAUSES = re.compile(r"[,;:()—–]")


def _is_denied(plain: str, span: tuple[int, int], text: str) -> bool:
    """A refusal is no promise: "we cannot refund", "nous ne remboursons pas", "no refund will be made"."""
    start, stop = span
    before, after = plain[max(0, start - 24) : start], plain[stop : stop + 8]
    if _DENIED.search(f"{plain[start:stop]} ") or _FIRST_DENIED.search(before):
        return True
    return bool(_THEN_DENIED.match(after) and not _ASIDE.search(fold(text)))


def _is_supposed(said: Rule | Frame, span: tuple[int, int], plain: str, text: str) -> bool:
    """Whether a deed is only told of ("once your order has been shipped"), or a fault supposed ("if we made a mistake")."""
    if not (said.done or said.kind == "fault"):
        return False
    return bool((_TOLD_OF if said.done else _IF).search(f"{_before(span, plain, text)} "))


def _before(span: tuple[int, int], plain: str, text: str) -> str:
    """What may tell when a deed is done: its own clause up to it, since "after a check, I have cancelled it" is a deed; for
    the present ("once it is here, your return is accepted") the whole sentence up to it."""
    words, whole = plain[slice(*span)], plain[: span[0]]
    if _PRESENT.search(f"{words} "):
        return whole
    own = (folded(clause) for clause in _CLAUSES.split(text))
    return next((clause[: clause.find(words)] for clause in own if words in clause), whole)


def is_conditional(plain: str) -> bool:
    """Whether a folded sentence sets a condition; what the customer may simply wish for is none."""
    return bool(_CONDITION.search(_WISHED.sub(" ", plain)))


_WISHED = re.compile(
    r" (?:if you (?:like|wish|want|prefer|agree|would like|so wish|are happy|are ok\w*|need)|"
    r"if (?:needed|necessary|possible|that helps|it helps)|si (?:besoin|cela vous (?:convient|va)|possible|necessaire)|"
    r"si vous (?:le |l )?(?:souhaitez|voulez|preferez|desirez|acceptez)) "
)
