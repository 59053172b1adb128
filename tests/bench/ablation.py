"""What each rule of the checks catches, and what it costs, alone and with the others.

    python -m tests.bench.ablation --data PATH… [--json] [--show CHECK]

A PATH is a folder or a file that tests.bench.sentences reads. Each sentence is a reply of its own; a rule is a finding's
id within a check, and it flags a sentence that it raises above INFO. The check of support is left out: it is the judge.

A rule is worth what it alone catches times the share of it that a judge lets pass, kind by kind; its price is the honest
sentences that it alone holds. A rule whose price is as high as its worth goes, the worst first, until each that is left pays;
then any that has gone comes back if it pays beside those. Those of HARD stay: what only code can know, and what a policy says.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guardrails.base import Check, Level
from guardrails.checks import CHECKS
from klark.evidence.intervals import wilson
from tests.bench import files
from tests.bench.sentences import HONEST, Case, judged, read

Rule = tuple[str, str]
"""A check's name and a finding's id."""
Flags = Mapping[Rule, frozenset[int]]
"""For each rule the places of the cases that it flags."""
LEFT_OUT = frozenset({"support"})
HARD = frozenset(
    {
        "links", "personal", "reader", "secrets", "hidden_text", "injection", "planted_instructions", "deeds", "length",
        "colleague_answers",
    }
)  # fmt: skip
HARD_RULES = frozenset({("tone", "klark.G062")})
"""A phrase that the policy forbids."""
SUBTLE = frozenset({"merge", "scope", "condition", "modality", "subject"})
MISSED_SUBTLE, MISSED = 0.20, 0.02
"""The share of errors that a weak judge lets pass."""
_ID = re.compile(r"\bG\d{3}\b")


@dataclass(frozen=True, slots=True)
class Seen:
    """All cases with what flags them. `bounds`: the most that a recorded judge lets pass of a kind, by its upper 95 % bound."""

    kinds: tuple[str, ...]
    flags: Flags
    bounds: Mapping[str, float]

    def alone(self, rule: Rule, kept: Iterable[Rule]) -> frozenset[int]:
        """The cases that a rule flags and no other of `kept` does."""
        return self.flags[rule].difference(*(self.flags[other] for other in kept if other != rule))

    def worth(self, places: Iterable[int]) -> float:
        """How many of these lies a judge would let pass: the weak one or the recorded one, whichever lets more."""
        kinds = [self.kinds[place] for place in places if self.kinds[place] != HONEST]
        return max(sum(map(weak, kinds)), sum(self.bounds.get(kind, 0.0) for kind in kinds))

    def price(self, places: Iterable[int]) -> int:
        """How many of these are honest."""
        return sum(self.kinds[place] == HONEST for place in places)

    def pays(self, rule: Rule, kept: Iterable[Rule]) -> float:
        """Worth less price of a rule beside others."""
        alone = self.alone(rule, kept)
        return self.worth(alone) - self.price(alone)


def weak(kind: str) -> float:
    """The share of errors of a kind that a weak judge lets pass."""
    return MISSED_SUBTLE if kind in SUBTLE else MISSED


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures over all paths given."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="tenants' folders, files of claims")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--show", default="", metavar="CHECK", help="list on stderr what this check flags")
    given = parser.parse_args(arguments)
    cases = [case for path in given.data for case in read(path)]
    seen = Seen(
        tuple(case.kind for case in cases),
        flagged(cases, given.show),
        bounds(each for path in given.data for each in judged(path)),
    )
    figures = {**measured(seen), "writers": dict(Counter(case.writer for case in cases if case.kind != HONEST))}
    files.show(figures, list(table(figures)), as_json=given.json)


def flagged(cases: Sequence[Case], shown: str = "") -> Flags:
    """What each rule flags; a rule that flags nothing is there too."""
    flags: dict[Rule, set[int]] = {rule: set() for name, check in _checks() for rule in rules_of(name, check)}
    for place, case in enumerate(cases):
        for name, check in _checks():
            for finding in check(case.reply, case.options):
                if finding.level > Level.INFO:
                    flags.setdefault((name, finding.id), set()).add(place)
                    if name == shown:
                        words = (finding.id, case.kind or "honest", finding.words, case.reply.text)
                        print(" | ".join(words), file=sys.stderr)
    return {rule: frozenset(places) for rule, places in flags.items()}


def _checks() -> list[tuple[str, Check]]:
    return [(name, check) for name, check in CHECKS.items() if name not in LEFT_OUT]


def rules_of(name: str, check: Check) -> list[Rule]:
    """The rules of a check, as the docstring of its module lists them."""
    told = sys.modules[check.__module__].__doc__ or ""
    return [(name, f"klark.{id_}") for id_ in dict.fromkeys(_ID.findall(told))]


def bounds(said: Iterable[tuple[str, bool]]) -> Mapping[str, float]:
    """The upper bound of what a judge lets pass, by kind; empty without a recorded one."""
    asked, passed = Counter[str](), Counter[str]()
    for kind, let_pass in said:
        asked[kind] += 1
        passed[kind] += let_pass
    return {kind: _interval(passed[kind], count)[1] for kind, count in asked.items()}


def is_hard(rule: Rule) -> bool:
    """Whether a rule stays whatever it costs."""
    return rule[0] in HARD or rule in HARD_RULES


def kept_of(seen: Seen) -> frozenset[Rule]:
    """The rules that stay."""
    kept = set(seen.flags)
    while going := [rule for rule in kept if not is_hard(rule) and seen.pays(rule, kept) <= 0]:
        kept.remove(min(going, key=lambda rule: (seen.pays(rule, kept), rule)))
    while coming := [rule for rule in seen.flags if rule not in kept and seen.pays(rule, kept) > 0]:
        kept.add(max(coming, key=lambda rule: (seen.pays(rule, kept), rule)))
    return frozenset(kept)


def measured(seen: Seen) -> dict[str, Any]:
    """All figures: a row for each rule, and what all of them and those kept do together."""
    kept = kept_of(seen)
    kinds = Counter(kind for kind in seen.kinds if kind != HONEST)
    rows = [_row(rule, seen, kept, kinds.total()) for rule in seen.flags]
    sets = {"all": frozenset(seen.flags), "kept": kept, "hard": frozenset(filter(is_hard, seen.flags))}
    return {
        "rules": sorted(rows, key=lambda row: (-row["caught"] - row["lost"], row["check"], row["rule"])),
        "lies": kinds.total(),
        "honest": len(seen.kinds) - kinds.total(),
        "kinds": dict(sorted(kinds.items())),
        "together": {name: _together(rules, seen) for name, rules in sets.items()},
    }


def _row(rule: Rule, seen: Seen, kept: frozenset[Rule], lies: int) -> dict[str, Any]:
    every, first, alone = seen.flags[rule], seen.alone(rule, seen.flags), seen.alone(rule, kept)
    lost = seen.price(every)
    return {
        "rule": rule[1],
        "check": rule[0],
        "caught": len(every) - lost,
        "lost": lost,
        "interval_caught": _interval(len(every) - lost, lies),
        "interval_lost": _interval(lost, len(seen.kinds) - lies),
        "lies_caught_alone": len(alone) - seen.price(alone),
        "honest_lost_alone": seen.price(alone),
        "alone_of_all": [len(first) - seen.price(first), seen.price(first)],
        "worth": round(seen.worth(alone), 2),
        "kinds_alone": dict(
            sorted(Counter(seen.kinds[place] for place in alone if seen.kinds[place] != HONEST).items())
        ),
        "kinds_caught": dict(
            sorted(Counter(seen.kinds[place] for place in every if seen.kinds[place] != HONEST).items())
        ),
        "hard": is_hard(rule),
        "kept": rule in kept,
    }


def _interval(hits: int, count: int) -> list[float]:
    """The 95 % interval of a share; anything where nothing was counted."""
    return wilson(hits, count) or [0.0, 1.0]


def _together(rules: frozenset[Rule], seen: Seen) -> list[int]:
    """Lies caught, honest sentences held."""
    places = frozenset[int]().union(*(seen.flags[rule] for rule in rules))
    return [len(places) - seen.price(places), seen.price(places)]


def table(figures: Mapping[str, Any]) -> Iterator[str]:
    """The figures as a table of Markdown."""
    yield f"{figures['lies']} lies, {figures['honest']} honest sentences; " + "; ".join(
        f"{name}: {caught} caught, {lost} held" for name, (caught, lost) in figures["together"].items()
    )
    yield ""
    yield "| check | rule | lies caught (95 %) | honest held (95 %) | of them by no kept rule | worth | by kind, alone | |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in figures["rules"]:
        yield _line(row)


def _line(row: Mapping[str, Any]) -> str:
    caught, lost = (f"{row[name]} ({_percent(row[f'interval_{name}'])})" for name in ("caught", "lost"))
    alone = f"{row['lies_caught_alone']} / {row['honest_lost_alone']}"
    kinds = ", ".join(f"{kind} {count}" for kind, count in row["kinds_alone"].items())
    fate = "hard" if row["hard"] else "stays" if row["kept"] else "goes"
    return f"| {row['check']} | {row['rule']} | {caught} | {lost} | {alone} | {row['worth']} | {kinds} | {fate} |"


def _percent(interval: Sequence[float]) -> str:
    return f"{100 * interval[0]:.1f}–{100 * interval[1]:.1f} %"


if __name__ == "__main__":
    main()
