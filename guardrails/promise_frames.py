"""How promises are built: frames of word classes, so that words which no list has are seen by their form and place.

`promise_frames_en.txt` and `promise_frames_fr.txt`, with the classes of `promise_words`:

    {name} words      a short cut, for the lines below it
    = class           the frames of that class follow, one a line; `general` and `done` as in `promise_rules`
    one & two         all of them stand in the sentence, in any order
    one ! two         behind a frame: it is none where this stands, too
    #                 a remark

What stands between is words one after the other: a word as it is written, the NAME of a class (`PAST-MILD`: and not of that
one), `W` for any word but a NOT or a LINK, `..` for up to 3 such and `...` for up to 7, `(a|b)`, `?` behind what may be missing,
`^` and `$` for the ends. Words of the class ASIDE are left out first; so is a NOW, and the next word has that class, too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

from guardrails.promise_rules import LANGUAGES, Class
from guardrails.promise_words import WordClass, classes, signs

READ = 120
"""How many words of one sentence are looked at; what is longer is a list."""
_HERE = Path(__file__).parent
_SECTION = re.compile(r"= (\w+)(?: (general|done))?")
_NAME = re.compile(r"\{[a-z]+\}")
_PART = re.compile(r"\.{2,3}|[A-Z][A-Z-]*|[a-z0-9]+\*?|[()|?^$]")
_WORD = re.compile(r" [^ ]+")
_GAPS = {"..": 3, "...": 7}
_ENDS = {"^": r"\A", "$": r"\Z", "(": "(?:", ")": ")", "|": "|", "?": "?"}


@dataclass(frozen=True, slots=True)
class Cue:
    """What must stand in a sentence. `needs`: of each of these sets of signs and words, one stands in every sentence that
    has it; quick to look for first."""

    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """A sentence with the signs before each word, the signs and words in it, and where its words stand in the folded one."""

    text: str
    has: frozenset[str]
    places: tuple[tuple[int, int], ...]

    def find(self, cue: Cue) -> re.Match[str] | None:
        """Where a cue stands first."""
        if any(need.isdisjoint(self.has) for need in cue.needs):
            return None
        return cue.pattern.search(self.text)


@dataclass(frozen=True, slots=True)
class Frame:
    """The cues that a promise has, and those that it has not; `general` and `done` as in `promise_rules.Rule`; `denies`:
    a negation is part of it."""

    kind: Class
    general: bool
    done: bool
    denies: bool
    cues: tuple[Cue, ...]
    none: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame that a folded sentence has, and where it begins (at a blank) and ends there."""

    frame: Frame
    start: int
    stop: int


def framed(plain: str, given: Mapping[str, tuple[Frame, ...]] | None = None) -> Iterator[Framed]:
    """The frames that a folded sentence has (see `promised.folded`), of those given or of all."""
    words = list(islice(_WORD.finditer(plain.removesuffix("$ ")), READ))
    for language, frames in (FRAMES if given is None else given).items():
        known = classes(language)
        if any(known["TONGUE"].sign in signs(word[0][1:], language) for word in words):
            yield from _in(frames, _coded(words, language, known))


def _coded(words: list[re.Match[str]], language: str, known: Mapping[str, WordClass]) -> Coded:
    aside, now = known["ASIDE"].sign, known["NOW"].sign
    coded: list[str] = []
    has: set[str] = set()
    places: list[tuple[int, int]] = []
    before = ""
    for word in words:
        plain = word[0][1:]
        of = signs(plain, language)
        if now in of:
            before = now
        elif aside not in of:
            coded.append(f" {before}{of}.{plain}")
            has.update((plain, *before, *of))
            places.append(word.span())
            before = ""
    return Coded("".join(coded), frozenset(has), tuple(places))


def _in(frames: tuple[Frame, ...], coded: Coded) -> Iterator[Framed]:
    for frame in frames:
        hits = list(takewhile(bool, map(coded.find, frame.cues)))
        if len(hits) == len(frame.cues) and not any(map(coded.find, frame.none)):
            # What may tell when a deed is done stands before the deed itself, which its first cue is.
            yield _spanned(frame, [hit.span() for hit in (hits[:1] if frame.done else hits) if hit], coded)


def _spanned(frame: Frame, spans: list[tuple[int, int]], coded: Coded) -> Framed:
    first = coded.text.count(" ", 0, min(start for start, _ in spans))
    last = coded.text.count(" ", 0, max(stop for _, stop in spans)) - 1
    return Framed(frame, coded.places[first][0], coded.places[last][1])


def _frames(language: str) -> Iterator[Frame]:
    names: dict[str, str] = {}
    kind = sort = ""
    for line in (_HERE / f"promise_frames_{language}.txt").read_text(encoding="utf-8").splitlines():
        if section := _SECTION.fullmatch(line):
            kind, sort = section[1], section[2] or ""
        elif line and line[0] != "#":
            words = _NAME.sub(lambda name: names.get(name[0], name[0]), line)
            if name := _NAME.match(words):
                names[name[0]] = f"({words[name.end() :].strip()})"
            else:
                yield frame_of(kind, sort, words, classes(language))  # type: ignore[arg-type]  # a test reads every class


def frame_of(kind: Class, sort: str, line: str, known: Mapping[str, WordClass]) -> Frame:
    """One frame as it is written, its short cuts written out."""
    said, *none = line.split("!")
    cues = tuple(_cue(part, known) for part in said.split("&"))
    denies = any(part == "NOT" or known["NOT"].has(part, part) for part in _PART.findall(said))
    return Frame(kind, sort == "general", sort == "done", denies, cues, tuple(_cue(part, known) for part in none))


def _cue(part: str, known: Mapping[str, WordClass]) -> Cue:
    parts = _PART.findall(part)
    needs = _needs(["(", *parts, ")"], known)
    return Cue(re.compile("".join(_expression(word, known) for word in parts)), tuple(needs))


def _expression(part: str, known: Mapping[str, WordClass]) -> str:
    other = rf" (?![^ .]*[{known['NOT'].sign}{known['LINK'].sign}])[^ ]+"
    if part in _ENDS:
        return _ENDS[part]
    if part[0] == ".":
        return f"(?:{other}){{0,{_GAPS[part]}}}"
    if part.islower() or part.isdigit():
        return rf"(?: [^ .]*\.{part.replace('*', '[^ ]*')}(?= |\Z))"
    name, *others = part.split("-")
    without = "".join(f"(?![^ .]*{known[less].sign})" for less in others)
    return f"(?: {without}{other[1:]})" if name == "W" else rf"(?: {without}[^ .]*{known[name].sign}[^ .]*\.[^ ]+)"


def _needs(parts: list[str], known: Mapping[str, WordClass]) -> list[frozenset[str]]:
    """The sets of which every sentence with these parts has one: a word, a sign, or one of each way in brackets."""
    needs: list[frozenset[str]] = []
    at = 0
    while at < len(parts):
        end = _closing(parts, at)
        if parts[end + 1 : end + 2] != ["?"]:
            needs += _chosen(parts[at + 1 : end], known) if parts[at] == "(" else _of_word(parts[at], known)
        at = end + 1
    return needs


def _closing(parts: list[str], at: int) -> int:
    """Where the bracket that opens here closes; here, where none does."""
    depth = 0
    for end in range(at, len(parts)):
        depth += (parts[end] == "(") - (parts[end] == ")")
        if not depth:
            return end
    raise ValueError(f"a bracket is open: {' '.join(parts)}")


def _chosen(parts: list[str], known: Mapping[str, WordClass]) -> list[frozenset[str]]:
    ways: list[list[str]] = [[]]
    depth = 0
    for part in parts:
        depth += (part == "(") - (part == ")")
        if part == "|" and not depth:
            ways.append([])
        else:
            ways[-1].append(part)
    found = [_needs(way, known) for way in ways]
    if len(ways) == 1:
        return found[0]
    return [frozenset[str]().union(*(needs[0] for needs in found))] if all(found) else []


def _of_word(part: str, known: Mapping[str, WordClass]) -> list[frozenset[str]]:
    name = part.split("-", 1)[0]
    if part in _ENDS or part[0] == "." or part[-1] == "*" or name == "W":
        return []
    return [frozenset({part if part.islower() or part.isdigit() else known[name].sign})]


FRAMES: Mapping[str, tuple[Frame, ...]] = {language: tuple(_frames(language)) for language in LANGUAGES}
