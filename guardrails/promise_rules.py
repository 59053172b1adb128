"""How promises are worded: one text file a language, `promises_en.txt` and `promises_fr.txt`, read once.

    {name} words      a short cut, for the lines below it; it may use those above it
    = class           the wordings of that class follow, one a line; `= class general`: a rule for everyone ("we refund
                      returns"); `= class done`: it says that something was done ("I have cancelled your order"); `= class
                      bare`: so does the whole of a clause ("Order cancelled")
    ! words           an innocent reading: what begins where a wording begins and says no such thing
    = class topic     the words by which a source speaks of that class
    #                 a remark

A wording is written as in `sensitive_patterns`: `(a|b)`, `word*`, `..` for up to 3 words between and `...` for up to 7. It
meets a sentence in lower case without accents or marks, words divided by one blank; `$` is the sentence's end.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Class = Literal[
    "refund", "action", "announced", "commitment", "fault", "discount", "compensation", "exception", "deadline",
    "legal", "medical", "guarantee",
]  # fmt: skip
CLASSES: tuple[Class, ...] = get_args(Class)
LANGUAGES = ("en", "fr")
_HERE = Path(__file__).parent
_SECTION = re.compile(r"= (\w+)(?: (general|done|topic|bare))?")
_NAME = re.compile(r"\{[a-z]+\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """The wordings of a class. `general`: said of everyone; `done`: of a deed; `bare`: it must be a whole clause;
    `innocent` begins where a hit begins."""

    kind: Class
    general: bool
    done: bool
    bare: bool
    pattern: re.Pattern[str]
    innocent: re.Pattern[str] | None


def _read(language: str) -> Iterator[tuple[str, str, str]]:
    """(class, sort, wording) of each line, short cuts written out; an innocent wording keeps its "!"."""
    names: dict[str, str] = {}
    kind = sort = ""
    for line in (_HERE / f"promises_{language}.txt").read_text(encoding="utf-8").splitlines():
        if section := _SECTION.fullmatch(line):
            kind, sort = section[1], section[2] or ""
        elif name := _NAME.match(line):
            if kind:
                yield kind, sort, _expression(line, names)
            else:
                names[name[0]] = f"(?:{_expression(line[name.end() :].strip(), names)})"
        elif line and line[0] != "#":
            yield kind, sort, _expression(line, names)


def _expression(line: str, names: Mapping[str, str]) -> str:
    words = re.sub(r"\((?!\?)", "(?:", line.strip())
    words = re.sub(r"(?<=[\w)])(?<!\\w)\*", r"\\w*", words).replace("$", r"\$")
    words = words.replace("... ", r"(?:\w+ ){0,7}").replace(".. ", r"(?:\w+ ){0,3}")
    return _NAME.sub(lambda name: names[name[0]], words)


def _pattern(wordings: list[str], end: str = "(?= )") -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(wordings)}){end}")


def _rules(language: str) -> Iterator[Rule]:
    lines = list(_read(language))
    for kind in CLASSES:
        for sort in ("", "general", "done", "bare"):
            wordings = [words for at, of, words in lines if (at, of) == (kind, sort)]
            innocent = [words.removeprefix("! ") for words in wordings if words.startswith("! ")]
            said = [words for words in wordings if not words.startswith("! ")]
            if said:
                yield _rule(kind, sort, said, innocent)


def _rule(kind: Class, sort: str, said: list[str], innocent: list[str]) -> Rule:
    bare = sort == "bare"
    return Rule(
        kind,
        sort == "general",
        bare or sort == "done",
        bare,
        _pattern(said, r" \$ " if bare else "(?= )"),
        _pattern(innocent) if innocent else None,
    )


RULES: tuple[Rule, ...] = tuple(rule for language in LANGUAGES for rule in _rules(language))
TOPICS: Mapping[Class, re.Pattern[str]] = {
    kind: _pattern(
        [words for language in LANGUAGES for at, of, words in _read(language) if (at, of) == (kind, "topic")]
    )
    for kind in CLASSES
}
"""What a source says of a class, if it speaks of it at all."""
