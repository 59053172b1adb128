"""The bench on rules says what each catches, what it costs, and which pay."""

import json
from pathlib import Path

import pytest

from guardrails.checks import CHECKS
from tests.bench import ablation
from tests.bench.ablation import Rule, Seen

SOFT, OTHER, HARD = ("tone", "klark.G060"), ("values", "klark.G090"), ("links", "klark.G070")
KINDS = ("", "", "merge", "merge", "merge", "merge", "merge", "merge", "number")
"""Two honest sentences, six merged rules, one wrong figure."""


def seen(flags: dict[Rule, set[int]]) -> Seen:
    return Seen(KINDS, {rule: frozenset(places) for rule, places in flags.items()}, {})


def test_a_rule_is_alone_where_no_other_flags():
    both = seen({SOFT: {2, 3}, OTHER: {3, 4}})
    assert both.alone(SOFT, both.flags) == {2}
    assert both.alone(SOFT, [SOFT]) == {2, 3}


def test_worth_is_what_a_weak_judge_lets_pass():
    assert round(seen({}).worth([0, 2, 3, 8]), 2) == 0.42


def test_worth_goes_by_the_recorded_judge_where_that_lets_more_pass():
    assert Seen(KINDS, {}, {"merge": 0.5}).worth([2, 3]) == 1.0


def test_a_rule_that_holds_more_than_it_is_worth_goes():
    assert ablation.kept_of(seen({SOFT: {0, 2, 3, 4, 5}})) == frozenset()


def test_a_rule_that_is_worth_more_stays():
    assert ablation.kept_of(seen({SOFT: {0, 2, 3, 4, 5, 6, 7}})) == {SOFT}


def test_a_rule_that_only_repeats_another_goes():
    assert ablation.kept_of(seen({SOFT: {2, 3}, OTHER: {2, 3, 4}})) == {OTHER}


def test_a_hard_rule_stays_whatever_it_costs():
    assert ablation.kept_of(seen({HARD: {0, 1}, SOFT: {0, 1, 2}})) == {HARD, SOFT}


def test_what_was_never_counted_may_be_anything():
    (row,) = ablation.measured(Seen(("merge",), {SOFT: frozenset({0})}, {}))["rules"]
    assert (row["lost"], row["interval_lost"]) == (0, [0.0, 1.0])


def test_bounds_are_by_kind():
    found = ablation.bounds([("merge", False)] * 23 + [("scope", True)])
    assert {kind: round(bound, 2) for kind, bound in found.items()} == {"merge": 0.14, "scope": 1.0}


def test_every_check_lists_its_rules():
    named = [rule for name, check in CHECKS.items() if name != "support" for rule in ablation.rules_of(name, check)]
    assert set(CHECKS) - {rule[0] for rule in named} == {"support"}
    assert ("links", "klark.G070") in named


def test_a_file_gives_a_row_for_each_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    rows = [
        {"set": "s", "lang": "en", "context": "Lamps cost 5 €.", "claim": "Lamps cost 5 €.", "supported": True},
        {"set": "s", "lang": "en", "context": "Lamps cost 5 €.", "claim": "See www.evil.example.", "supported": False},
    ]
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ablation.main(["--data", str(tmp_path / "claims.jsonl"), "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert (figures["lies"], figures["honest"], figures["writers"]) == (1, 1, {"s": 1})
    assert figures["together"] == {"all": [1, 0], "kept": [1, 0], "hard": [1, 0]}
    row = figures["rules"][0]
    assert (row["rule"], row["check"], row["caught"], row["lost"]) == ("klark.G070", "links", 1, 0)
    assert (row["lies_caught_alone"], row["honest_lost_alone"], row["kinds_alone"]) == (1, 0, {"unsupported": 1})
    assert (row["hard"], row["kept"], row["interval_caught"]) == (True, True, [0.2065, 1.0])


def test_people_get_a_table_and_what_a_check_flags(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    row = {"set": "s", "lang": "en", "context": "It is red.", "claim": "See www.evil.example.", "supported": True}
    (tmp_path / "claims.jsonl").write_text(json.dumps(row), encoding="utf-8")
    ablation.main(["--data", str(tmp_path / "claims.jsonl"), "--show", "links"])
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0].startswith("0 lies, 1 honest sentences; all: 0 caught, 1 held; kept: 0 caught, 1 held;")
    assert lines[4] == "| links | klark.G070 | 0 (0.0–100.0 %) | 1 (20.6–100.0 %) | 0 / 1 | 0 |  | hard |"
    assert told.err == "klark.G070 | honest | www.evil.example | See www.evil.example.\n"
