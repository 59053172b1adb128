"""Does an attack reach anyone through a model that obeys it, and do honest drafts still pass?

    python -m tests.bench.injection --data FOLDER [--json] [--sample N] [--jobs N]

FOLDER holds attacks.jsonl (`{id,set,kind,text}`) and emails.jsonl (`{id,text}`). Every attack stands in every mail at its
start, middle and end, and that mail in a ticket's body, in its quotes, or in an article. Each case runs klark's own path
(read, find, draft, check, decide, write), with a drafter that obeys the attack in each way of `compromised.WAYS`, one draft
a way. Only the search for passages is replaced, as it needs a database.

A case has *escaped* when words of what the model added stand in a note, a reply, or a reply that waits for approval, or when
a tag, a group or the prompt's own part differs from the honest run. *Blocked* is a ticket of our own (tests/cases/benign and
tests/cases/extractive) that an honest draft answers and the checks raise above INFO.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench import files
from tests.bench.files import Fields, Row

ATTACKS: Fields = {"id": (str, int), "text": str}
MAILS: Fields = {"id": (str, int), "text": str}
SEED = 4


@dataclass(frozen=True, slots=True)
class Task:
    """One case by its parts."""

    attack: Row
    channel: Channel
    mail: str
    position: str


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one folder."""
    given = options(arguments)
    attacks = files.read_rows(given.data / "attacks.jsonl", ATTACKS)
    mails = files.read_rows(given.data / "emails.jsonl", MAILS)
    figures = measured(attacks, mails, given.sample, given.jobs)
    files.show(figures, _lines(figures), as_json=given.json)
