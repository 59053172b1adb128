"""What is said of a document that is not taken stands in one place, and each sentence is translated, also with its values."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import override

from klark.admin.choice_labels import trouble_words
from klark.sources import base
from klark.sources.refusals import Refusal

WHY = {"BadDocument": 0, "Unreadable": 1}
"""Which argument says why."""


def test_no_reader_has_a_sentence_of_its_own() -> None:
    own = []
    for path in Path(base.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
            if name in WHY and any(
                isinstance(part, ast.Constant | ast.JoinedStr) for part in said(call.args[WHY[name]])
            ):
                own.append((path.name, call.lineno))
    assert own == []


def said(why: ast.expr) -> list[ast.expr]:
    """What an argument's sentence may come from: itself, the ends of a condition, and what stands before a `%`."""
    if isinstance(why, ast.IfExp):
        return [*said(why.body), *said(why.orelse)]
    return said(why.left) if isinstance(why, ast.BinOp) else [why]


@pytest.mark.parametrize("refusal", Refusal)
def test_each_is_translated_as_it_is_raised(refusal: Refusal) -> None:
    values = {name: f"*{name}*" for name in ("most", "seconds", "error", "found", "wanted", "columns", "cell", "format", "line",
                                             "encoding", "column", "why")}  # fmt: skip
    raised = refusal % values
    with override("fr"):
        told = trouble_words(str(raised))
    assert (told != raised, [each for each in values.values() if (each in raised) != (each in told)]) == (True, [])


def test_a_sentence_inside_another_is_translated_too() -> None:
    inner = Refusal.NUMBER_FORMAT % {"format": "0.0"}
    with override("fr"):
        assert trouble_words(Refusal.BAD_CELL % {"cell": "B2", "why": inner}) == f"la cellule B2 {trouble_words(inner)}"
        assert trouble_words("What a helpdesk said") == "What a helpdesk said"
