"""The tenants that klark is measured on are whole, and nothing of them stands in code or lists."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from klark.demo.recordings import letters

ROOT = Path(__file__).resolve().parent.parent
TENANTS = sorted(path for path in (ROOT / "tests" / "tenants").iterdir() if path.is_dir())
SHARED = sorted(path for path in (ROOT.parent / "shared" / "data" / "tenants").glob("*") if path.is_dir())
CODE = sorted(
    path for folder in ("klark", "integrations", "guardrails") for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".txt") and path.parent.name != "migrations"
)  # fmt: skip
WORD = re.compile(r"[^\W\d_]+")
LONG = 4
"""Letters of a word that says something: runs of shorter ones stand in any text."""
KINDS = {"number", "negation", "condition", "scope", "merge", "modality", "subject", "invented", "applied", "promise",
         "relevance"}  # fmt: skip


def lines(tenant: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (tenant / f"{name}.jsonl").read_text("utf-8").splitlines() if line]


def runs(text: str) -> set[tuple[str, ...]]:
    """Every four words in a row of which each says something."""
    words = [word.lower() for word in WORD.findall(text)]
    fours = zip(words, words[1:], words[2:], words[3:], strict=False)
    return {four for four in fours if all(len(word) >= LONG for word in four)}


@cache
def code_runs() -> frozenset[tuple[str, ...]]:
    return frozenset().union(*(runs(path.read_text("utf-8")) for path in CODE))


@pytest.mark.parametrize("tenant", [*TENANTS, *SHARED], ids=lambda tenant: tenant.name)
def test_no_four_words_of_a_tenant_stand_in_code_or_lists(tenant: Path) -> None:
    texts = [str(row["text"]) for row in lines(tenant, "lies")]
    texts += [f"{row['subject']} {re.sub('<[^>]+>', ' ', str(row['body_html']))}" for row in lines(tenant, "tickets")]
    assert runs(" . ".join(texts)) & code_runs() == set()


@pytest.mark.parametrize("tenant", [*TENANTS, *SHARED], ids=lambda tenant: tenant.name)
def test_no_tenants_name_stands_in_code_or_lists(tenant: Path) -> None:
    hosts = {str(row["url"]).split("/")[2].split(".")[-2] for row in lines(tenant, "articles")}
    found = {path.name for path in CODE for host in hosts if host in path.read_text("utf-8").lower()}
    assert found == set()


@pytest.mark.parametrize("tenant", TENANTS, ids=lambda tenant: tenant.name)
def test_a_tenant_is_whole(tenant: Path) -> None:
    tickets, replies = lines(tenant, "tickets"), lines(tenant, "replies")
    lies, verdicts = lines(tenant, "lies"), {letters(str(row["claim"])) for row in lines(tenant, "verdicts")}
    assert len({row["id"] for row in tickets}) == len(tickets) >= 105
    assert {row["id"] for row in replies} <= {row["id"] for row in tickets}
    assert (len(lies) >= 150, {row["kind"] for row in lies}) == (True, KINDS)
    sentences = [each["text"] for row in replies for each in row["sentences"]]  # type: ignore[attr-defined]
    assert [text for text in (*sentences, *(row["text"] for row in lies)) if letters(str(text)) not in verdicts] == []
