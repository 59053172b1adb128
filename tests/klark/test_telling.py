"""What commands show of customers', authors' and helpdesks' own words: as they stand, whatever looks like mark-up in them."""

import io
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from integrations.errors import TryLater
from klark.knowledge.compare import Pair, StatedSentence
from klark.knowledge.gap import Gap
from klark.knowledge.gaps import Concern, Gaps
from klark.management.commands import connections
from klark.management.print_gaps import tell_gaps

knowledge = import_module("klark.management.commands.knowledge")
SIGNS = ("[/b]", "[red]", "[/]", "[link=https://x.example]", "[NAME_1]", "\\[x]", "[bold")
AT = datetime(2026, 10, 5, tzinfo=UTC)


def console() -> tuple[Console, io.StringIO]:
    """As the command makes it, on a wide screen."""
    told = io.StringIO()
    made: Console = knowledge.plain(told)
    made.width = 200
    return made, told


def shown(told: str) -> list[str]:
    """Which of the signs stand in it."""
    return [sign for sign in SIGNS if sign in told]


def test_a_connections_trouble_is_shown_in_the_helpdesks_own_words() -> None:
    row = dict.fromkeys(("tenant", "helpdesk", "account", "state", "last_event", "last_write", "requests_left"), "x")
    told = connections.drawn([{**row, "trouble": f"no {sign} yes"} for sign in SIGNS])
    assert shown(told) == list(SIGNS)
    assert all(head in connections.drawn([]) for head in connections.HEADS)


def test_gaps_show_what_was_asked_as_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [StatedSentence(1, sign, "en", None, sign) for sign in SIGNS]
    found = Gaps(
        AT,
        tuple(Gap("delivery", "en", f"Why {sign} so?", 2, 0, AT, ()) for sign in SIGNS),
        (Concern(1, "[/b] old", "en", "old"),),
        (Pair("copy", said[0], said[2], "same"),),
    )
    monkeypatch.setattr("klark.management.print_gaps.gaps", lambda tenant_id, days: found)
    monkeypatch.setattr("klark.management.print_gaps.within", lambda tenant_id: io.StringIO())
    monkeypatch.setattr("klark.management.print_gaps.compare_again", lambda tenant_id: None)
    out, told = console()
    tell_gaps(1, out, {"days": 30, "draft": 0, "json": False})
    assert shown(told.getvalue()) == list(SIGNS)
    assert "old: [/b] old (en)" in told.getvalue()


def test_articles_that_differ_are_shown_sentence_by_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [
        Pair(
            "otherwise",
            StatedSentence(1, "T", "en", AT, f"a {sign}"),
            StatedSentence(2, "T", "en", None, "b"),
            f"c {sign}",
        )
        for sign in SIGNS
    ]
    monkeypatch.setattr(knowledge, "compare", lambda said: pairs)
    monkeypatch.setattr(knowledge, "stated", lambda tenant_id: [])
    monkeypatch.setattr(knowledge, "within", lambda tenant_id: io.StringIO())
    out, told = console()
    knowledge._check(1, out, {})
    assert shown(told.getvalue()) == list(SIGNS)
    assert "T (2026-10-05): a [/b]" in told.getvalue()


def test_a_help_centre_that_fails_is_told_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = [
        SimpleNamespace(helpdesk="zendesk", account="acme"),
        SimpleNamespace(helpdesk="freshdesk", account="acme.example"),
    ]

    def sync(account: Any) -> int:
        if account.helpdesk == "zendesk":
            raise TryLater("acme said [/b] no")
        return 3

    monkeypatch.setattr(knowledge, "_accounts", lambda tenant_id: accounts)
    monkeypatch.setattr(knowledge, "_sources", lambda tenant_id: [])
    monkeypatch.setattr(knowledge, "_embed", lambda tenant_id, out: None)
    monkeypatch.setattr(knowledge, "sync", sync)
    out, told = console()
    with pytest.raises(SystemExit):
        knowledge._sync(1, out, {"name": ""})
    assert told.getvalue().splitlines() == [
        "zendesk acme: not read whole: acme said [/b] no",
        "freshdesk acme.example: 3 changed",
    ]
