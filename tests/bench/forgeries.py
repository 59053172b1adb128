"""Does the guard see what was forged, and leave alone what is true?

    python -m tests.bench.forgeries --data FOLDER [--json]

FOLDER holds docs.jsonl (`{id,title,body,lang}`). Every sentence that a reply could have is copied and said in other words;
each such reply is faithful. A faithful reply that the guard raises above INFO is a false alarm. Those that pass are forged, one
thing in each, and a forgery is caught when the guard raises the forged sentence (or the whole reply) above INFO. Replies
that were held already are not forged: they would count as caught for the wrong reason.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guardrails.base import Level, Options, Verdict
from guardrails.contacts import find_links, find_mails
from guardrails.guard import guard
from tests.bench import files
from tests.bench.faithful import Faithful, made
from tests.bench.files import Fields, Row
from tests.bench.forging import FORGERS

SEED = 20
REPLIES = 2500
"""Faithful replies that are drawn."""
REWORDED = 0.8
"""The share of them in other words, where the documents give enough."""
EACH = 650
"""Forgeries of one kind at most."""
PLACE = 1
"""Where the forged sentence stands in the reply."""
FIELDS: Fields = {"id": str, "title": str, "body": str, "lang": str}


@dataclass(frozen=True, slots=True)
class Forgery:
    """One forged reply: its kind, what it was made from, the false claim, and whether the guard saw it."""

    kind: str
    made_from: Faithful
    claim: str
    caught: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one folder."""
    given = files.options(__doc__.split("\n", 1)[0], "a folder with docs.jsonl", arguments)
    figures = measured(files.read_rows(given.data / "docs.jsonl", FIELDS))
    files.show(figures, _lines(figures), as_json=given.json)


def measured(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures in the form that `--json` prints."""
    options = allowed(rows)
    replies = drawn(rows, random.Random(SEED))
    if not replies:
        files.refuse("no sentence of these documents could stand in a reply")
    held = {id(one): is_held(guard(one.reply(), options)) for one in replies}
    passed = [one for one in replies if not held[id(one)]]
    found = list(forged(passed, options, random.Random(SEED)))
    return {
        "kinds": {kind: _caught([one for one in found if one.kind == kind]) for kind in FORGERS},
        "false_alarm": _share([held[id(one)] for one in replies]),
        "false_alarm_verbatim": _share([held[id(one)] for one in replies if not one.ways]),
        "false_alarm_reworded": _share([held[id(one)] for one in replies if one.ways]),
        "replies": len(replies),
        "forgeries": len(found),
        "reworded": _share([bool(one.made_from.ways) for one in found]),
    }


def drawn(rows: Sequence[Row], draw: random.Random) -> list[Faithful]:
    """Faithful replies in the order of a draw, four in five in other words."""
    every = list(made(rows, draw))
    draw.shuffle(every)
    other, same = [one for one in every if one.ways], [one for one in every if not one.ways]
    other = other[: round(REPLIES * REWORDED)]
    return [*other, *same[: max(1, round(len(other) * (1 - REWORDED) / REWORDED))]] if other else same[:REPLIES]


def forged(replies: Sequence[Faithful], options: Options, draw: random.Random) -> Iterator[Forgery]:
    """Each kind in as many replies as it fits, up to `EACH`."""
    for kind, forge in FORGERS.items():
        order = list(replies)
        draw.shuffle(order)
        made_ = ((one, forge(one, draw)) for one in order)
        fitting = ((one, claim) for one, claim in made_ if claim and claim != one.claim)
        for (one, claim), _ in zip(fitting, range(EACH), strict=False):
            yield Forgery(kind, one, claim, is_held(guard(one.reply(claim), options), PLACE))


def is_held(verdict: Verdict, place: int | None = None) -> bool:
    """Whether anything above INFO was found, in one sentence or the whole, or anywhere."""
    return any(
        finding.level > Level.INFO and (place is None or finding.sentence in (None, place))
        for finding in verdict.findings
    )


def allowed(rows: Sequence[Row]) -> Options:
    """What a tenant with these documents would trust: every domain that stands in them."""
    links = (link.host for row in rows for link in find_links(row["body"]))
    mails = (mail.rpartition("@")[2] for row in rows for mail in find_mails(row["body"]))
    return Options(reader="verified", trusted_domains=frozenset((*links, *mails)))


def _caught(found: Sequence[Forgery]) -> dict[str, float]:
    return {"n": len(found), "caught": _share([one.caught for one in found])}


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 0.0


def _lines(figures: Mapping[str, Any]) -> list[str]:
    kinds = [f"{kind:18} {found['caught']:8.2%} of {found['n']}" for kind, found in figures["kinds"].items()]
    rest = [f"{name:22} {figures[name]:.2%}" for name in figures if name.startswith("false_alarm")]
    return [*kinds, *rest, f"{figures['forgeries']} forgeries, {figures['reworded']:.0%} of them in other words"]


if __name__ == "__main__":
    main()
