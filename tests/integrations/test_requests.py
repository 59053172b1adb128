"""Every request that klark can make of a helpdesk has the shape that its vendor publishes.

The shapes stand in tests/payloads/requests/: method, path, the names and patterns of the query ("name?": may be left out),
the body as a JSON schema that allows nothing else, and where it is published. They are checked against what the adapters,
their installers and OAuth really send to the stand-ins (tests/integrations/tour.py).
"""

import ast
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from integrations import helpdesks
from integrations.sandbox import records
from integrations.sandbox.client import Sandbox
from integrations.sandbox.server import running
from tests.integrations import tour
from tests.integrations.desks import PAYLOADS
from tests.integrations.tour import Asked

PARTS = {
    "number": "[0-9]{1,20}",
    "locale": "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?",
    "ulid": "[0-9A-Z]{26}",
    "kind": "[134]",
}
BRANDS_HOST = re.compile(r"^/~[a-z0-9-]+(?=/)")


@dataclass(frozen=True)
class Shape:
    """One published request."""

    name: str
    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any] | None
    source: str

    def fits(self, asked: Asked) -> bool:
        path = BRANDS_HOST.sub("", asked.path).removesuffix(".json")
        pattern = re.sub(r"\{(\w+)\}", lambda part: PARTS[part[1]], self.path)
        return asked.method == self.method and bool(re.fullmatch(pattern, path)) and not self.faults(asked)

    def faults(self, asked: Asked) -> list[str]:
        """What of its query and body is not as published."""
        known = {name.rstrip("?"): value for name, value in self.query.items()}
        needed = {name for name in self.query if not name.endswith("?")} - {"page[size]", "per_page"}
        wrong = [f"query {name}" for name in asked.query if name not in known]
        wrong += [f"no query {name}" for name in needed if name not in asked.query]
        wrong += [f"{name}={value}" for name, value in asked.query.items()
                  if name in known and not re.search(known[name], value)]  # fmt: skip
        if self.body is None:
            return wrong + (["a body"] if asked.body is not None else [])
        return wrong + [error.message for error in Draft202012Validator(self.body).iter_errors(asked.body)]


def shapes(desk: str) -> list[Shape]:
    return [Shape(**row) for row in json.loads((PAYLOADS / "requests" / f"{desk}.json").read_text(encoding="utf-8"))]


SHAPES = {desk: shapes(desk) for desk in ("zendesk", "freshdesk")}


@pytest.fixture(scope="module")
def asked():
    """What the tour of each desk asked, on a clock that is never as young as a second."""
    clock = pytest.MonkeyPatch()
    clock.setattr(records, "now", lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=30))
    with running() as address:
        sandbox = Sandbox(address)
        tours = {"zendesk": tour.of_zendesk, "freshdesk": tour.of_freshdesk}
        yield {desk: list(tour.each_once(go(sandbox))) for desk, go in tours.items()}
    clock.undo()


@pytest.mark.parametrize("desk", SHAPES)
def test_every_request_is_as_published(asked, desk):
    strangers = [one for one in asked[desk] if not any(shape.fits(one) for shape in SHAPES[desk])]
    assert strangers == []


def test_all_66_requests_have_a_published_shape_and_each_shape_is_used(asked):
    used = {
        (desk, shape.name)
        for desk, found in SHAPES.items()
        for shape in found
        for one in asked[desk]
        if shape.fits(one)
    }
    assert used == {(desk, shape.name) for desk, found in SHAPES.items() for shape in found}
    assert len(used) == 66


def test_a_rules_content_is_asked_for_in_both_ways(asked):
    rules = [
        one.body["actions"][0]["content"]
        for one in asked["freshdesk"]
        if one.path.endswith("/automations/1/rules") and one.body
    ]
    assert {type(content) for content in rules} == {str, dict}


def test_the_help_centre_is_asked_with_json_at_the_end_since_without_it_one_account_answered_415(asked):
    paths = {one.path for one in asked["zendesk"] if "/help_center/" in one.path}
    assert len(paths) >= 4
    assert {path for path in paths if not path.endswith(".json")} == set()


def test_every_shape_says_where_it_is_published():
    hosts = {"zendesk": "https://developer.zendesk.com/", "freshdesk": "https://developers.freshdesk.com/"}
    assert [s.name for desk, found in SHAPES.items() for s in found if not s.source.startswith(hosts[desk])] == []


def _paths(source: str) -> set[str]:
    """The paths that a file of an adapter has in it, with {} for what is filled in."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node] if isinstance(node, ast.Constant) else []
        text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts if _says(part))
        if re.match(r"^(?:\{\})?/[a-z~]", text) and " " not in text:
            found.add(text)
    return found


def _says(part: ast.AST) -> bool:
    return not isinstance(part, ast.Constant) or isinstance(part.value, str)


def _bare(path: str) -> str:
    """Without what is filled in, the API's own beginning, the query and the ending."""
    path = path.partition("?")[0].removesuffix(".json").removeprefix("{}").removeprefix("/api/v2")
    return re.sub(r"\{\w*\}", "*", path)


# Where a person looks; a stand-in's brand; a pattern of what comes in.
NO_REQUESTS = ("/agent/tickets/", "/a/tickets/", "/support/solutions/articles/", "/~", "/tickets/(")


@pytest.mark.parametrize("desk", SHAPES)
def test_no_path_in_an_adapter_is_without_a_shape(desk):
    known = [_bare(shape.path) for shape in SHAPES[desk]]
    files = sorted(Path(helpdesks.__file__).parent.glob(f"{desk}*.py"))
    named = {_bare(path) for file in files for path in _paths(file.read_text(encoding="utf-8"))}
    asks = {path for path in named if path and not path.startswith(NO_REQUESTS)}
    lost = {path for path in asks if not any(_within(path, one) for one in known)}
    assert lost == set()


def _within(path: str, shape: str) -> bool:
    return re.search(re.escape(path.rstrip("*/")).replace(r"\*", "[^/]+") + r"(?:/|$)", shape) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"path": "/api/v2/tickets/x.json"},
        {"path": "/api/v2/ticket/1.json"},
        {"query": {"force": "true"}},
        {"body": None},
        {"body": {"ticket": {"comment": {"html_body": "", "public": True}}}},
        {"body": {"ticket": {"surprise": 1}}},
    ],
)
def test_a_request_of_another_shape_is_noticed(asked, change):
    write = next(one for one in asked["zendesk"] if one.method == "PUT" and "tickets" in one.path)
    other = Asked(**{**write.__dict__, **change})
    assert [shape.name for shape in SHAPES["zendesk"] if shape.fits(other)] == []
