"""The passages as lines: what each sentence says, what it hangs on, and whether it can be quoted at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from integrations.llms.base import NumberedPassage
from integrations.llms.extractive_links import BULLET, LEANS, NUMBERED
from integrations.llms.extractive_words import Word, words

MOST_LINES = 400
_MOST_CHARACTERS = 1200
_BUDGET = 150_000
_ENDS = re.compile(r"[.!?…:;,][\"'”’»)\]]*\s*$")
_TITLE_SHARE, _HEADING_SHARE, _QUESTION_SHARE, _LEAD_SHARE = 0.75, 0.7, 0.9, 0.9
_BELOW = " › "
_NOTHING: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a passage. `ref` cites it; `words` are its own, `around` what its title, heading, lead-in and
    antecedent lend it (concept -> share). `asked` is the question it stands under, as concepts; `needs` is the place of
    the line it cannot stand without. A "reply" can only stand where its very question was asked."""

    ref: str
    passage: int
    place: int
    text: str
    kind: str
    words: tuple[Word, ...]
    stems: frozenset[str]
    concepts: frozenset[str]
    around: dict[str, float] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    needs: int | None = None

    @property
    def quotable(self) -> bool:
        """Headings, questions and overlong sentences are context only."""
        return self.kind not in {"heading", "question", "overlong"}


def lines(passages: Sequence[NumberedPassage], language: str) -> tuple[tuple[Line, ...], ...]:
    """One tuple a passage in `language`, best first, up to a bounded amount of text."""
    found: list[tuple[Line, ...]] = []
    left, room = MOST_LINES, _BUDGET
    for passage in passages:
        if passage.language.lower().split("-")[0].split("_")[0] != language or left <= 0 or room <= 0:
            continue
        sentences = passage.sentences[:left]
        found.append(tuple(_lines(passage, sentences, len(found), language)))
        left -= len(sentences)
        room -= sum(min(len(sentence), _MOST_CHARACTERS) for sentence in sentences)
    return tuple(found)


@dataclass(slots=True)
class _State:
    """What the lines read so far lend to the next one."""

    title: dict[str, float]
    heading: dict[str, float] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    lead: int | None = None
    last: Line | None = None


def _lines(passage: NumberedPassage, sentences: Sequence[str], index: int, language: str) -> Iterator[Line]:
    title = _title(passage.title[:300], language)
    state = _State(_share(title, _TITLE_SHARE))
    if passage.title.rstrip().endswith("?"):
        state.heading, state.asked = _share(title, _QUESTION_SHARE), frozenset(word.concept for word in title)
    for place, sentence in enumerate(sentences):
        line = _line(passage.id, sentence, (index, place), state, language)
        _learn(state, line)
        yield line


def _title(path: str, language: str) -> tuple[Word, ...]:
    """The words of a title path. Where it says twice what it is about, the end counts: in "Arrival and departure ›
    Arrival" nothing is on departure."""
    *above, last = (words(part, language) for part in path.split(_BELOW))
    own = {word.concept for word in last}
    wider = [part for part in above if not own or not own < {word.concept for word in part}]
    return (*(word for part in wider for word in part), *last)


def _line(passage: str, sentence: str, at: tuple[int, int], state: _State, language: str) -> Line:
    index, place = at
    text = " ".join(sentence[: _MOST_CHARACTERS + 1].split())
    kind = _kind(text, state, language)
    bare = NUMBERED.sub("", BULLET.sub("", text))
    leans = kind == "plain" and bool(LEANS[language].match(bare))
    needs = state.lead if kind == "item" else (place - 1 if leans and state.last is not None else None)
    if leans and (state.last is None or not state.last.quotable):
        kind, needs = ("reply" if state.asked else "heading"), None
    around = _around(state, kind, leans=leans)
    own = words(text, language)
    return Line(
        ref=f"{passage}.{place + 1}",
        passage=index,
        place=place,
        text=text,
        kind=kind,
        words=own,
        stems=frozenset(word.stem for word in own),
        concepts=frozenset(word.concept for word in own),
        around=around,
        asked=state.asked,
        needs=needs,
    )


def _kind(text: str, state: _State, language: str) -> str:
    if not text or len(text) > _MOST_CHARACTERS:
        return "overlong"
    if text.endswith("?"):
        return "question"
    row = text.startswith("|")
    header = row and (state.last is None or not state.last.text.startswith("|"))
    if text.endswith(":") or (header and not any(character.isdigit() for character in text)):
        return "lead"
    listed = row or BULLET.match(text) or NUMBERED.match(text) or not _ENDS.search(text) or text.endswith((";", ","))
    if state.lead is not None and listed:
        return "item"
    return "heading" if _heading(text) else "plain"


def _heading(text: str) -> bool:
    fact = any(character.isdigit() for character in text) or re.search(r"[,|:–—]", text)
    return not _ENDS.search(text) and not fact and len(text.split()) <= 9 and not BULLET.match(text)


def _around(state: _State, kind: str, *, leans: bool) -> dict[str, float]:
    around = {} if state.heading and state.heading.keys() < state.title.keys() else dict(state.title)
    _raise(around, state.heading)
    if state.last is not None and (leans or kind == "item"):
        _raise(
            around,
            {concept: share * 0.9 for concept, share in _own_and_around(state.last).items()} if leans else _NOTHING,
        )
    return around


def _own_and_around(line: Line) -> dict[str, float]:
    lent = dict(line.around)
    _raise(lent, dict.fromkeys(line.concepts, 1.0))
    return lent


def _learn(state: _State, line: Line) -> None:
    state.last = line
    if line.kind in {"heading", "question"}:
        share = _QUESTION_SHARE if line.kind == "question" else _HEADING_SHARE
        state.heading, state.lead = _share(line.words, share), None
        state.asked = line.concepts if line.kind == "question" else frozenset()
    elif line.kind == "lead":
        state.lead = line.place
        state.heading = {**state.heading, **_share(line.words, _LEAD_SHARE)}
    elif line.kind in {"plain", "reply"}:
        state.lead = None


def _share(found: Sequence[Word], share: float) -> dict[str, float]:
    return {word.concept: share for word in found}


def _raise(shares: dict[str, float], others: dict[str, float]) -> None:
    for concept, share in others.items():
        shares[concept] = max(share, shares.get(concept, 0.0))
