"""How promises are built: frames of word classes, so that words which no list has are seen by their form and place.

`promise_frames_en.txt` and `promise_frames_fr.txt`, with the classes of `promise_words`:

    {name} words      a short cut, for the lines below it
    = class           the frames of that class follow, one a line; `general` and `done` as in `promise_rules`
    one & two         all of them stand in the sentence, in any order
    one ! two         behind a frame: it is none where this stands, too
    #                 a remark

What stands between is words one after the other: a word as it is written, the NAME of a class (`PAST-MILD`: and not of that
one), `W` for any word but a NOT or a LINK, `..` for up to 3 such and `...` for up to 7, `(a|b)`, `?` behind what may be missing, `^` and
`$` for the ends. Words of the class ASIDE are left out first; so is a NOW, and the next word has that class, too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from guardrails.promise_rules import LANGUAGES, Class
from guardrails.promise_words import WordClass, classes, signs

READ = 120
"""How many words of one sentence are looked at; what is longer is a list."""
_HERE = Path(__file__).parent
_SECTION = re.compile(r"= (\w+)(?: (general|done))?")
_NAME = re.compile(r"\{[a-z]+\}")
_PART = re.compile(r"\.{2,3}|[A-Z]+(?:-[A-Z]+)*|[a-z0-9]+\*?|[()|?^$]")
_WORD = re.compile(r" [^ ]+")
_GAPS = {"..": 3, "...": 7}
_ENDS = {"^": r"\A", "$": r"\Z", "(": "(?:", ")": ")", "|": "|", "?": "?"}


@dataclass(frozen=True, slots=True)
class Cue:
    """What must stand in a sentence, and a text that stands in every sentence which has it: cheap to look for first."""

    pattern: re.Pattern[str]
    needs: tuple[str, ...]

    def find(self, coded: str) -> re.Match[str] | None:
        """Where it stands first."""
        return self.pattern.search(coded) if all(need in coded for need in self.needs) else None


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


def framed(plain: str) -> Iterator[Framed]:
    """The frames that a folded sentence has (see `promised.folded`)."""
    words = list(islice(_WORD.finditer(plain.removesuffix("$ ")), READ))
    for language, frames in _FRAMES.items():
        known = classes(language)
        if any(known["TONGUE"].sign in signs(word[0][1:], language) for word in words):
            coded, places = _coded(words, language, known)
            yield from _in(frames, coded, places)


def _coded(words: list[re.Match[str]], language: str, known: Mapping[str, WordClass]) -> tuple[str, list[tuple[int, int]]]:
    """A sentence with the signs before each word, and for each word of it where it stands in the folded one."""
    aside, now = known["ASIDE"].sign, known["NOW"].sign
    coded: list[str] = []
    places: list[tuple[int, int]] = []
    before = ""
    for word in words:
        of = signs(word[0][1:], language)
        if now in of:
            before = now
        elif aside not in of:
            coded.append(f" {before}{of}.{word[0][1:]}")
            places.append(word.span())
            before = ""
    return "".join(coded), places


def _in(frames: tuple[Frame, ...], coded: str, places: list[tuple[int, int]]) -> Iterator[Framed]:
    for frame in frames:
        hits = [hit for cue in frame.cues if (hit := cue.find(coded))]
        if len(hits) == len(frame.cues) and not any(cue.find(coded) for cue in frame.none):
            first = coded.count(" ", 0, min(hit.start() for hit in hits))
            last = coded.count(" ", 0, max(hit.end() for hit in hits)) - 1
            yield Framed(frame, places[first][0], places[last][1])


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
                yield _frame(kind, sort, words, classes(language))  # type: ignore[arg-type]  # a test reads every class


def _frame(kind: Class, sort: str, line: str, known: Mapping[str, WordClass]) -> Frame:
    said, *none = line.split("!")
    cues = tuple(_cue(part, known) for part in said.split("&"))
    denies = any(part == "NOT" or known["NOT"].has(part, part) for part in _PART.findall(said))
    return Frame(kind, sort == "general", sort == "done", denies, cues, tuple(_cue(part, known) for part in none))


def _cue(part: str, known: Mapping[str, WordClass]) -> Cue:
    parts = _PART.findall(part)
    needs = () if _is_choice(parts) else tuple(_needs(parts, known))
    return Cue(re.compile("".join(_expression(word, known) for word in parts)), needs)


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


def _is_choice(parts: list[str]) -> bool:
    """Whether a "|" stands in no brackets."""
    return any(part == "|" and parts[:at].count("(") == parts[:at].count(")") for at, part in enumerate(parts))


def _needs(parts: list[str], known: Mapping[str, WordClass]) -> Iterator[str]:
    """The signs and words that stand in every sentence with this cue: those in no brackets that may not be missing."""
    depth = 0
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        depth += (part == "(") - (part == ")")
        if depth or following == "?" or part in _ENDS or part[0] == "." or part.split("-", 1)[0] == "W":
            continue
        yield f".{part.rstrip('*')}" if part.islower() or part.isdigit() else known[part.split("-", 1)[0]].sign


_FRAMES: Mapping[str, tuple[Frame, ...]] = {language: tuple(_frames(language)) for language in LANGUAGES}
