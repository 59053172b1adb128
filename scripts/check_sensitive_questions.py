"""Say which lines of the ordinary questions break their form, and fail where one does.

Run from anywhere: `python scripts/check_sensitive_questions.py`
Read: `scripts/sensitive_tickets/questions.txt`, a question a line: `en! text` or `fr! text`, 3 to 25 words, no question twice.
Written: a line for each fault, then how many questions there are by language.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

QUESTIONS = Path(__file__).parent / "sensitive_tickets" / "questions.txt"
FORM, FEWEST, MOST = re.compile(r"(en|fr)! \S+( \S+)*"), 3, 25


def faults(lines: Sequence[str]) -> Iterator[str]:
    """A sentence for each line that is not as it should be; capitals and punctuation make no new question."""
    known: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines, 1):
        spoken = tuple(re.findall(r"\w+", line.lower()))
        if not FORM.fullmatch(line):
            yield f"line {number}: not `en! text` or `fr! text`: {line!r}"
        elif not FEWEST <= len(line.split()) - 1 <= MOST:
            yield f"line {number}: not {FEWEST} to {MOST} words: {line!r}"
        elif (first := known.setdefault(spoken, number)) != number:
            yield f"line {number}: the same as line {first}: {line!r}"


def main() -> int:
    """How many lines are at fault, at most 1: the exit status."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    found = list(faults(lines))
    print(*found, dict(Counter(line[:2] for line in lines)), sep="\n")
    return min(len(found), 1)


if __name__ == "__main__":
    raise SystemExit(main())
