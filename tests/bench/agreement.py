"""Do a backtest's verdicts agree with those of two people who read the same pairs of draft and answer?

    python -m tests.bench.agreement --tenants FOLDER… [--cases FILE] [--without-judge] [--keep FOLDER] [--json]

A FOLDER has what tests.bench.answers reads; the answers, the labels and the judge's opinions are in tests/cases/agreement. The
tickets run through the backtest, with the recorded model. A pair whose request was not recorded is compared by values alone and
counted as `unrecorded`. Beside each pair: whether the draft, and the agent's answer, hold what the ticket's key asks for.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count as numbers
from pathlib import Path
from typing import Any

import tests.bench.ready_by_meaning  # noqa: F401  # isort: skip

from integrations.errors import TryLater
from integrations.llms.base import Completion, Prompt
from klark.demo.model_server import CLAIMS
from klark.demo.recorded_model import RecordedModel, blocks_of, labelled
from klark.demo.recordings import load, rows
from klark.evidence.backtests.backtest import looked_at
from klark.evidence.comparison import SYSTEM
from klark.evidence.intervals import share
from klark.models.ticket.loaded_event import NOTHING_WRITTEN
from klark.trial_files import read_closed_ticket
from tests.bench import files
from tests.bench.answered import right
from tests.bench.answers import RULES, brief, database, known_tenant
from tests.bench.scripted import Scripted

CASES = Path(__file__).resolve().parents[1] / "cases" / "agreement" / "pairs.jsonl"
FIELDS: files.Fields = {"tenant": str, "id": str, "agent_answer": str}
COMPARES = SYSTEM.partition(".")[0]
WORDS = {"s": "supported", "c": "contradicted", "n": "not_stated"}
LABELS = ("right", "incomplete", "wrong", "nothing")


@dataclass
class RecordedJudge(Scripted):
    """The recorded model, which also says what a judge said of a draft beside an answer (`opinions`, by the request's hash)."""

    opinions: Mapping[str, str] = field(default_factory=dict)
    unrecorded: int = 0

    def complete(self, prompt: Prompt) -> Completion:
        if not prompt.system.startswith(COMPARES):
            return super().complete(prompt)
        said = self.opinions.get(request_of(prompt.user))
        if said is None:
            self.unrecorded += 1
            raise TryLater("nobody recorded this request")
        content = {"verdicts": list(map(_verdict, numbers(1), said.split())), "answers": []}
        return Completion(content, json.dumps(content), "recorded")


def request_of(user: str) -> str:
    """What a request to compare is known by: the masked draft, and how many of the answer's sentences are read beside it."""
    blocks = blocks_of(user)
    count = len(labelled(blocks["claims"], "C"))
    return hashlib.sha256(f"{blocks['P2']}\n{count}".encode()).hexdigest()[:12]


def _verdict(number: int, said: str) -> dict[str, Any]:
    return {"claim": f"C{number}", "verdict": WORDS[said[0]], "relevant": said[1] == "+"}


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures, and each pair."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--tenants", type=Path, nargs="+", required=True, help="tenants' folders")
    parser.add_argument("--cases", type=Path, default=CASES, help="answers, labels and opinions (default: %(default)s)")
    parser.add_argument("--without-judge", action="store_true", help="compare by values alone")
    parser.add_argument("--keep", type=Path, help="folder of the database; without it nothing stays")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    cases, pairs, unrecorded = files.read_rows(given.cases, FIELDS), [], 0
    with database(given.keep):
        for folder in given.tenants:
            own = [case for case in cases if case["tenant"] == folder.name]
            judge = _judge(folder, () if given.without_judge else own)
            pairs += _pairs(folder, own, judge)
            unrecorded += judge.unrecorded
    found = {**figures(pairs), "unrecorded": unrecorded, "pairs": pairs}
    files.show(found, [f"{name}: {one}" for name, one in found.items() if name != "pairs"], as_json=given.json)


def _judge(folder: Path, cases: Sequence[files.Row]) -> RecordedJudge:
    opinions = {case["request"]: case["opinion"] for case in cases if "request" in case}
    return RecordedJudge(RecordedModel(load([folder], CLAIMS)), opinions=opinions)


def _pairs(folder: Path, cases: Sequence[files.Row], judge: RecordedJudge) -> list[files.Row]:
    """Each labelled ticket through the backtest, and what came of it."""
    ours = brief(known_tenant(folder, ()), RULES, "scripted", "scripted", judge)
    tickets = {row["id"]: row for row in rows(folder / "tickets.jsonl")}
    missing = [case["id"] for case in cases if case["id"] not in tickets]
    if missing or not cases:
        files.refuse(f"{folder}: its tickets are not those of the cases: {', '.join(missing[:3]) or 'none'}")
    found = []
    for case in (each for each in cases if "labels" in each):
        asked = {name: value for name, value in tickets[case["id"]].items() if name != "history"}
        ticket = read_closed_ticket({**asked, "agent_answer": case["agent_answer"]})
        _, tried = looked_at(ticket, NOTHING_WRITTEN, lambda _: (ours, None), ours.today)
        if tried:
            found.append(_pair(case, tried, tickets[case["id"]]["expect"]))
    return found


def _pair(case: files.Row, tried: Mapping[str, Any], expect: Mapping[str, Any]) -> files.Row:
    return {
        "id": case["id"], "unopened": is_unopened(case["id"]), "labels": case["labels"],
        "verdict": "nothing" if tried["nothing_to_compare"] else tried["verdict"] or "no draft",
        "draft_holds_key": right(tried["draft"], expect), "agent_holds_key": right(case["agent_answer"], expect),
    }  # fmt: skip


def is_unopened(ticket_id: str) -> bool:
    """Whether a ticket is of the half that was counted once, after the comparison was settled on the other."""
    return int(hashlib.sha256(ticket_id.encode()).hexdigest(), 16) % 2 == 0


def figures(pairs: Sequence[files.Row]) -> dict[str, Any]:
    """Agreement by half and labeller, that of the labellers, and what the ticket's key says of drafts and answers by verdict."""
    halves = {
        "opened": [one for one in pairs if not one["unopened"]],
        "unopened": [one for one in pairs if one["unopened"]],
    }
    verdicts = sorted({one["verdict"] for one in pairs})
    return {
        "agreement": {half: {who: _agreeing(some, at) for at, who in enumerate("ab")} for half, some in halves.items()},
        "labellers": {**share(sum(a == b for a, b in _labels(pairs)), len(pairs)), "kappa": kappa(_labels(pairs))},
        "label_and_verdict": dict(sorted(Counter(f"{one['labels'][0]} {one['verdict']}" for one in pairs).items())),
        "holds_key": {name: _key([one for one in pairs if one["verdict"] == name]) for name in verdicts},
        "holds_key_unopened": {
            name: _key([one for one in halves["unopened"] if one["verdict"] == name]) for name in verdicts
        },
    }  # fmt: skip


def _agreeing(pairs: Sequence[files.Row], labeller: int) -> Mapping[str, Any]:
    return share(sum(one["labels"][labeller] == one["verdict"] for one in pairs), len(pairs))


def _key(pairs: Sequence[files.Row]) -> dict[str, Any]:
    return {name: share(sum(one[f"{name}_holds_key"] for one in pairs), len(pairs)) for name in ("draft", "agent")}


def _labels(pairs: Sequence[files.Row]) -> list[tuple[str, str]]:
    return [(one["labels"][0], one["labels"][1]) for one in pairs]


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement beyond chance: https://en.wikipedia.org/wiki/Cohen%27s_kappa"""
    of = len(pairs)
    if not of:
        return None
    first, second = (Counter(pair[at] for pair in pairs) for at in (0, 1))
    agreed, chance = sum(a == b for a, b in pairs) / of, sum(first[name] * second[name] for name in first) / of**2
    return round((agreed - chance) / (1 - chance), 4) if chance < 1 else None


if __name__ == "__main__":
    main()
