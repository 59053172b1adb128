"""Is a statement turned by a word that denies nothing: "rarely", "used to", "outside", "not for you", "you refund us"?

Each row is a way to take back what stays in place word by word. A claim may have such words where a cited sentence has
some of the same row.
"""

import re

from guardrails.clauses import forces, restriction
from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.vocabulary import word_set
from guardrails.words import Reading, fold, lemma

_ROWS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "how often",
        re.compile(
            r" (?:rarely|seldom|hardly|scarcely|barely|exceptionally|occasionally|sometimes|rarement|difficilement|guere|a peine|"
            r"exceptionnellement|occasionnellement|parfois) "
        ),
    ),
    (
        "for whom",
        re.compile(
            r" (?:not (?:for|to) you|but not you|except (?:for )?you|not both|not either|pas (?:pour|a) vous|sauf (?:pour )?vous|"
            r"excepte vous|pas les deux|ni le un ni le autre) "
        ),
    ),
    (
        "whenever",
        re.compile(
            r" (?:(?:at )?any time|anytime|whenever you|as often as|as many times|without limit|indefinitely|"
            r"a tout moment|ne importe quand|a toute heure|autant de fois|sans limite|indefiniment) "
        ),
    ),
    (
        "once",
        re.compile(
            r" (?:(?<! be )(?<! is )(?<! are )(?<! being )used to|"
            r"formerly|previously|until recently|in the past|autrefois|auparavant|jadis|par le passe|"
            r"(?<! si )(?<! si il )(?<! si elle )(?<! si vous )(?:etait|etaient|pouvait|pouvaient|pouviez|coutait|coutaient)) "
        ),
    ),
)
_ALWAYS = re.compile(r" (?:always|toujours) ")
_SI = re.compile(r" (?:si|if|comme si) ")
_WAS = re.compile(r" (?:was|were) (\w{2,30}) ")
_IMPERFECT = re.compile(r"\w{3,30}(?:(?<!r)ait|(?<!r)aient|(?<![ts])ions|iez)")
_OUTSIDE = re.compile(
    r" (?:outside|beyond|au dela|en dehors|hors|a le exterieur)(?: (?:of|de|du|d|la|le|les|l|the)){0,2} (?P<what>[a-z]\w{2,30}) "
)
_NEEDLESS = re.compile(
    r" (?:inutile|superflu|pas besoin|pas la peine|need not|no need|not need|unnecessary|needless|pas necessaire|pas tenue?s?|"
    r"pas obligee?s?|pas obligatoire|not have to|not required|not obliged|not mandatory|dispensee?s?|optional|facultatif) "
)
_NOTHING = word_set("nothing nobody none rien personne")
_SOMETHING = word_set(
    "something anything everything someone anyone everyone somebody anybody everybody tout tous quelque"
)
_EXEMPTS = word_set("unless except otherwise sauf sinon moins excepte")
_WE = word_set("we nous")
_YOU = word_set("you vous")
_OURS, _YOURS = word_set("our notre nos"), word_set("your votre vos")
_ARTICLES = word_set("the a an your our its le la les l un une votre vos notre nos")
_BETWEEN = word_set(
    """will can may must shall should would could do did then also always only not ne n pas then now generally normally
    pouvez pouvons peut devez devons allez allons vous nous l le la les y en"""
)
# `words.expand` reads "you get a refund" as "you refund", which is another's deed.
_PASSIVE = re.compile(r"\bg(?:et|ot|ets)\b|\bmoney back\b", re.IGNORECASE)
_OBJECTS = word_set("us you")


def turned(evidence: Evidence) -> Doubt | None:
    """The words that take back what the cited sentence says."""
    if not evidence.pool:
        return None
    return (
        _word(evidence)
        or _past(evidence)
        or _outside(evidence)
        or _needless(evidence)
        or _something(evidence)
        or _roles(evidence)
    )


def _word(evidence: Evidence) -> Doubt | None:
    theirs = [_ALWAYS.sub(" at any time ", reading.folded) for reading in evidence.pool]
    for what, pattern in _ROWS:
        hit = pattern.search(evidence.claim.folded)
        if not hit or any(map(pattern.search, theirs)) or (what == "once" and _SI.search(evidence.claim.folded)):
            continue
        return Doubt("turned", hit.group().strip(), f'no source says "{hit.group().strip()}" ({what})')
    return None


def _past(evidence: Evidence) -> Doubt | None:
    """ "Was open" where the source says "is open"; "réparions" where it says "réparons"."""
    ours, theirs = evidence.claim, evidence.pool[0]
    if _SI.search(ours.folded):
        return None
    if (was := _WAS.search(ours.folded)) and re.search(rf" (?:is|are) {was[1]} ", theirs.folded):
        return Doubt("turned", was.group().strip(), f'no source says "{was.group().strip()}"')
    now = {word.stem for word in theirs.words if not _IMPERFECT.fullmatch(fold(word.text))}
    gone = (word for word in ours.words if evidence.language == "fr" and word.stem in now and _is_imperfect(word.text))
    word = next(gone, None)
    return Doubt("turned", word.text, f'no source says "{word.text}", of the past') if word else None


def _is_imperfect(text: str) -> bool:
    """Not the present of "vérifier", which ends so too."""
    return bool(_IMPERFECT.fullmatch(fold(text))) and not lemma(text.lower(), "fr").endswith("ier")


def _outside(evidence: Evidence) -> Doubt | None:
    """ "Outside France" where the source speaks of France, and neither text denies or restricts anything."""
    hit = _OUTSIDE.search(evidence.claim.folded)
    bounded = any(
        restriction(one) or any(word.negated for word in one.words) for one in (evidence.claim, evidence.pool[0])
    )
    if hit is None or bounded or any(_OUTSIDE.search(reading.folded) for reading in evidence.pool):
        return None
    if f" {hit['what']} " not in evidence.pool[0].folded:
        return None
    return Doubt("turned", hit.group().strip(), f'no source says "{hit.group().strip()}"')


def _needless(evidence: Evidence) -> Doubt | None:
    hit = _NEEDLESS.search(evidence.claim.folded)
    must = "MUST" in forces(evidence.pool[0]) and not evidence.pool[0].negators
    if hit is None or not must or any(_NEEDLESS.search(reading.folded) for reading in evidence.pool):
        return None
    return Doubt("turned", hit.group().strip(), "the source says what must be; the reply, that it need not")


def _something(evidence: Evidence) -> Doubt | None:
    """ "If something is damaged" where the source says "if nothing is"."""
    ours, theirs = evidence.claim, evidence.pool[0]
    none = _NOTHING.intersection(theirs.plain)
    some = _SOMETHING.intersection(ours.plain) - set(theirs.plain)
    if not none or not some or ours.negators or not _EXEMPTS.isdisjoint(ours.plain):
        return None
    word = sorted(some)[0]
    return Doubt("turned", word, f'the reply says "{word}" where the source says "{sorted(none)[0]}"')


def _roles(evidence: Evidence) -> Doubt | None:
    """ "You refund us" where the source says "we refund"."""
    theirs = evidence.pool[0]
    for said, known in ((_does(evidence.claim), _does(theirs)), (_gets(evidence.claim), _gets(theirs))):
        verb = next((stem for stem in said if stem in known and said[stem] != known[stem]), "")
        if verb:
            return Doubt("turned", verb, f'who does what is turned round: "{verb}"')
    others = _done_by_others(theirs)
    taken = (stem for stem, who in _does(evidence.claim).items() if who in others.get(stem, ()))
    verb = next((stem for stem in taken if stem not in _does(theirs)), "")
    return Doubt("turned", verb, f'the source says of somebody else: "{verb}"') if verb else None


def _done_by_others(reading: Reading) -> dict[str, frozenset[str]]:
    """Each verb between a noun and an article ("the operator installs the meter"), and who of "we" and "you" stands in
    the sentence beside that noun, and is another."""
    beside = {
        who for who, words in (("we", _WE | _OURS), ("you", _YOU | _YOURS)) if not words.isdisjoint(reading.plain)
    }
    at = {word.place: word for word in reading.words}
    found: dict[str, frozenset[str]] = {}
    for word in reading.words if beside else ():
        if word.place - 1 in at and not _ARTICLES.isdisjoint(reading.plain[word.place + 1 : word.place + 2]):
            ours = not _OURS.isdisjoint(reading.plain[max(0, word.place - 3) : word.place])
            found[word.stem] = frozenset(beside - {"we"} if ours else beside)
    return found


def _does(reading: Reading) -> dict[str, str]:
    """Each verb right behind "we" or "you", and which of them; of a run of pronouns the first is the subject."""
    if _PASSIVE.search(reading.text):
        return {}
    found: dict[str, str] = {}
    at = {word.place: word for word in reading.words}
    for place, token in enumerate(reading.plain):
        who = "we" if token in _WE else "you" if token in _YOU else ""
        if not who or (place and reading.plain[place - 1] in _WE | _YOU):
            continue
        verb = next((one for one in range(place + 1, len(reading.plain)) if reading.plain[one] not in _BETWEEN), None)
        if verb in at:
            found.setdefault(at[verb].stem, who)
    return found


def _gets(reading: Reading) -> dict[str, str]:
    """Each weighty word with "us" or "you" right behind it, at the end of a clause."""
    ends = (*reading.plain[1:], ".")
    by_place = {word.place: word.stem for word in reading.words if not word.light}
    return {
        by_place[place - 1]: token
        for place, token in enumerate(reading.plain)
        if token in _OBJECTS and place - 1 in by_place and ends[place] in {".", ",", ";", "!", "within", "in", "after"}
    }
