"""Which promises a sentence makes: plain wordings, less what denies them, and what only tells when something happens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    made = [found for rule in RULES for found in _made(rule, plain)]
    telling = [found for found in made if found.kind != "commitment"]
    kept = [found for found in made if found.kind != "commitment" or not any(_meet(found, other) for other in telling)]
    return tuple({(found.kind, found.general, found.done): found for found in reversed(kept)}.values())[::-1]


def _made(rule: Rule, plain: str) -> Iterator[Promise]:
    for hit in rule.pattern.finditer(plain):
        if rule.innocent and rule.innocent.match(plain, hit.start()):
            continue
        if _is_denied(plain, hit) or (rule.done and _is_told_of(plain[: hit.start()])):
            continue
        yield Promise(rule.kind, hit[0].strip(" $"), rule.general, rule.done, hit.start(), hit.end())


def _meet(one: Promise, other: Promise) -> bool:
    return one.start < other.stop and other.start < one.stop


def folded(text: str) -> str:
    """A sentence as the rules see it: contractions written out, no accents or marks, denials that affirm turned round,
    a blank before each word, and " $ " at its end."""
    plain = fold(text)
    for short, full in _SHORT:
        plain = short.sub(full, plain)
    plain = f" {' '.join(_WORD.findall(plain))} $ "
    for denied, affirmed in _TURNED:
        plain = denied.sub(affirmed, plain)
    return plain


_WORD = re.compile(r"[^\W_]+")
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
        (r"\b(you|we|they|it)ll\b", r"\1 will"),
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
        (r" (?:never|not(?: ever)?) happen again ", " happen nevermore "),
        (r" ne se (?:re)?produira (?:pas|plus|jamais) ", " se reproduira nevermore "),
        (r" (?:will|shall) not (?:charge|bill|invoice) ", " will waive "),
        (r" you will not (?:be (?:charged|billed|invoiced)|pay|have to pay) ", " you will be waived "),
        (r" ne vous (?:facturerons|factureront|facturerai|compterons|demanderons|debiterons) (?:rien|pas|aucuns?|aucune) ",
         " vous offrirons gratuitement "),
        (r" vous ne (?:paierez|serez) (?:rien|pas (?:facturee?|debitee?)|aucuns?|aucune) ", " vous beneficierez de gratuit "),
        (r" ne (?:risquez|courez) (?:rien|aucun) ", " ne risquez nevermore "),
    )
)  # fmt: skip
_DENIED = re.compile(r" (?:not|never|cannot|unable|ne|n|pas|jamais|aucun|aucune|impossible|no longer|incapable) ")
_THEN_DENIED = re.compile(r" (?:not|pas|jamais|aucun|aucune|rien) ")
_FIRST_DENIED = re.compile(r" (?:no|not|never|aucun|aucune|without|sans|neither|nor|ni|pas|cannot)$")
# "Once your order has been shipped, …" tells when, not that it happened; so does a mail that says so.
_TOLD_OF = re.compile(
    r" (?:if|once|when|whenever|after|until|as soon as|unless|while|whether|before|as long as|provided|si|s|une fois|lorsque?|"
    r"quand|apres|des que|tant que|jusqu a ce que|pendant que|a condition que|avant que|depuis que|pourvu que|"
    r"(?:says?|shows?|reads?|displays?|stating|saying|telling you|means|indique|affiche|mention|statut|status|signifie|precise|"
    r"confirmant|indiquant)(?: that| que)?) "
)


def _is_denied(plain: str, hit: re.Match[str]) -> bool:
    """A refusal is no promise: "we cannot refund", "nous ne remboursons pas", "no refund will be made"."""
    before, after = plain[max(0, hit.start() - 12) : hit.start()], plain[hit.end() : hit.end() + 8]
    return bool(_DENIED.search(f"{hit[0]} ") or _THEN_DENIED.match(after) or _FIRST_DENIED.search(before))


def _is_told_of(before: str) -> bool:
    return bool(_TOLD_OF.search(f"{before} "))


def is_conditional(plain: str) -> bool:
    """Whether a folded sentence sets a condition; what the customer may simply wish for is none."""
    return bool(_TOLD_OF.search(_WISHED.sub(" ", plain)))


_WISHED = re.compile(
    r" (?:if you (?:like|wish|want|prefer|agree|would like|so wish|are happy|are ok\w*|need)|if (?:needed|necessary|possible|that helps|it helps)|"
    r"si (?:vous (?:le |l )?(?:souhaitez|voulez|preferez|desirez|acceptez)|besoin|cela vous (?:convient|va)|possible|necessaire)) "
)
