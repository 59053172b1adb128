"""Commands in this process: what each is told, what it says, and with which status it ends. Nothing is started."""

import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from integrations.errors import Refused, TryLater
from integrations.llms import LLMS
from integrations.llms.base import REPLY_SCHEMA, Completion, ModelAccount, Prompt
from klark.management import trial
from klark.management.commands import knowledge, serve
from klark.models import Article, Tenant
from klark.runtime.embedded_servers import CannotStart
from klark.runtime.processes import StartFailed
from klark.values.policy.rules import Rules
from tests.klark import rows
from tests.klark.modelled import labels


def said(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def complaint(*words: str) -> str:
    """What a command refuses with."""
    with pytest.raises(CommandError) as refusal:
        said(*words)
    return str(refusal.value)


@contextmanager
def nothing_started(*_: object, **__: object) -> Iterator[dict[str, str]]:
    """In place of PostgreSQL and Valkey of its own."""
    yield {}


def failing(error: Exception) -> Callable[..., Any]:
    def start(*_: object, **__: object) -> Any:
        raise error

    return start


# serve


def test_the_server_listens_as_told_and_keeps_slow_senders_off_its_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[dict[str, Any]] = []
    handlers: dict[int, Any] = {}

    def create_server(application: object, **options: Any) -> object:
        return SimpleNamespace(run=lambda: served.append(options))

    monkeypatch.setattr(serve, "create_server", create_server)
    monkeypatch.setattr(serve.signal, "signal", handlers.__setitem__)
    said("serve")
    said("serve", "--host", "0.0.0.0", "--port", "8443", "--threads", "3")
    assert [(each["host"], each["port"], each["threads"]) for each in served] == [
        ("127.0.0.1", 8000, 16), ("0.0.0.0", 8443, 3)]  # fmt: skip
    assert {(each["max_request_body_size"], each["channel_timeout"], each["ident"]) for each in served} == {
        (8 * 1024 * 1024, 20, None)
    }
    assert [each["clear_untrusted_proxy_headers"] for each in served] == [False, False]
    with pytest.raises(SystemExit) as end:
        handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert end.value.code is None  # status 0


def test_where_the_server_cannot_listen_it_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = complaint("serve", "--port", port)
    assert (told.partition(": ")[0], "Address already in use" in told) == (
        f"klark cannot listen on 127.0.0.1, port {port}",
        True,
    )
    assert [complaint("serve", "--port", number) for number in ("65536", "99999", "-1")] == [
        "--port takes a number from 0 to 65535."] * 3  # fmt: skip
    assert [complaint("serve", "--threads", number).partition(":")[0] for number in ("0", "-3")] == [
        "--threads takes a number from 1 on"] * 2  # fmt: skip
    assert "invalid choice: 'mail'" in complaint("serve", "--only", "mail")


@pytest.mark.django_db
def test_gaps_look_back_some_days_and_not_for_ever() -> None:
    rows.tenant()
    told = [
        complaint("knowledge", "--tenant", "acme", "gaps", "--days", days)
        for days in ("0", "-1", "3651", "999999999", "soon")
    ]
    assert ["takes a number of days from 1 to 3650" in words for words in told] == [True, True, True, True, False]
    assert "invalid _days value: 'soon'" in told[-1]
    assert "Everything that was asked was found" in said("knowledge", "--tenant", "acme", "gaps", "--days", "3650")


# try

ARTICLES = (
    {"id": "hours", "title": "Opening hours", "lang": "en",
        "body_html": "<p>The studio is open from 7:00 to 22:00 on weekdays.</p>"},
    {"id": "club", "title": "Club", "lang": "en", "body_html": "<p>See https://club.example for the club.</p>"},
)  # fmt: skip
TICKETS = (
    {"id": "1", "subject": "Hours", "body_html": "<p>When is the studio open on weekdays?</p>"},
    {"id": "2", "subject": "Re: Hours", "body_html": "<p>Thanks, solved!</p>",
     "history": [{"from": "customer", "body_html": "When?"}, {"from": "agent", "body_html": "At 7."}]},
)  # fmt: skip


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files to try klark on, where its own database would start nothing."""
    monkeypatch.setattr(trial, "standalone", nothing_started)
    monkeypatch.setattr(trial, "call_command", lambda *_, **__: None)
    for name, lines in (("articles", ARTICLES), ("tickets", TICKETS)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
    return tmp_path


def tried(folder: Path, **options: Any) -> None:
    given = {
        "knowledge": folder / "articles.jsonl",
        "tickets": folder / "tickets.jsonl",
        "out": str(folder / "out.jsonl"),
    }
    call_command("try", **{**given, "data": folder / "data", **options})


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_trial_writes_a_line_for_each_ticket_and_leaves_no_row(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried(files)
    lines = [json.loads(line) for line in (files / "out.jsonl").read_text().splitlines()]
    assert [(line["id"], line["decision"], line["reason"]) for line in lines] == [
        ("1", "NOTE", "sections_only"),
        ("2", "SKIP", "thanks_only"),
    ]
    assert [line["cost"] for line in lines] == [0.0, 0.0]
    assert (rows.count(Tenant), rows.count(Article)) == (0, 0)
    told = capsys.readouterr()
    assert (told.out, "NOTE" in told.err, "thanks_only" in told.err) == ("", True, True)


class Paid:
    """A model that drafts one line of the first passage, and as a judge supports what it is asked of."""

    made: ClassVar[list[ModelAccount]] = []
    dialect = ""

    def __init__(self, account: ModelAccount) -> None:
        self.account = account
        self.made.append(account)

    def complete(self, prompt: Prompt) -> Completion:
        answers = [{"ask": label, "answered": True} for label in labels(prompt.user, "A")]
        content = REPLY if prompt.schema == REPLY_SCHEMA else {**VERDICT, "answers": answers}
        return Completion(content, "{}", self.account.model, 1_000_000, 0, self.account.price_in)


REPLY = {"answerable": True, "sentences": [{"text": "On weekdays the studio opens at 7:00.", "cites": ["P1.1"]}]}
VERDICT = {"verdicts": [{"claim": "C1", "verdict": "supported", "relevant": True}]}


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_trial_follows_its_policys_judge_and_prices(
    files: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(LLMS, "openai", Paid)
    monkeypatch.setattr(Paid, "made", [])
    settings.KLARK_MODEL_NAME = "small"
    (files / "policy.json").write_text('{"mode": "reply", "judge_model": "large", "price_in": 0.25}')
    tried(files, llm="openai", policy=files / "policy.json")
    line = json.loads((files / "out.jsonl").read_text().splitlines()[0])
    assert [(each.model, each.price_in) for each in Paid.made] == [
        ("small", Decimal("0.25")),
        ("large", Decimal("0.25")),
    ]
    assert (line["reason"], line["cost"], [one["state"] for one in line["sentences"]]) == (
        "searched_by_words", 0.5, ["SUPPORTED"])  # fmt: skip
    told = " ".join(capsys.readouterr().err.split())
    assert "The judge (api.openai.com large) was not checked: in a trial its word counts all the same." in told


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_line_that_cannot_be_read_is_told_on_the_side_and_by_the_status(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (files / "tickets.jsonl").open("a") as more:
        more.write('\n{"id": "1", "body_html": "again"}\n{"subject": "x"}\n')
    with (files / "articles.jsonl").open("a") as more:
        more.write("[]\n")
    with pytest.raises(SystemExit) as end:
        tried(files, out="-")
    told = capsys.readouterr()
    assert (end.value.code, [json.loads(line)["id"] for line in told.out.splitlines()]) == (1, ["1", "2"])
    assert [f"tickets.jsonl, line {number}: {why}" in told.err for number, why in (
        (4, "has the \"id\" of line 1, '1'"), (5, '"id" is missing'))] == [True, True]  # fmt: skip
    assert "articles.jsonl, line 3: is not a JSON object" in told.err


def refused(**options: Any) -> str:
    folder: Path = options.pop("folder")
    with pytest.raises(CommandError) as complaint:
        tried(folder, **options)
    return str(complaint.value)


def test_what_a_trial_cannot_begin_with_is_told_before_anything_starts(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "standalone", failing(AssertionError("started")))
    (files / "blank.jsonl").write_text("\n \n\t\n")
    (files / "policy.json").write_bytes(b"\xff")
    (files / "rules.json").write_text('{"runs_per_ticket": -1}')
    cases: dict[str, dict[str, Any]] = {
        "no articles": {"knowledge": files / "none.jsonl"}, "no tickets": {"tickets": files / "none.jsonl"},
        "a folder": {"tickets": files}, "blank lines": {"knowledge": files / "blank.jsonl"},
        "no policy": {"policy": files / "none.json"}, "a folder as policy": {"policy": files},
        "a policy in no encoding": {"policy": files / "policy.json"}, "a policy that cannot be": {"policy": files / "rules.json"},
    }  # fmt: skip
    told = {name: refused(folder=files, **options).replace(f"{files}", "HERE") for name, options in cases.items()}
    assert told.pop("a policy in no encoding").startswith("--policy: HERE/policy.json: 'utf-8' codec can't decode")
    assert told == {
        "no articles": "--knowledge: there is no file HERE/none.jsonl.",
        "no tickets": "--tickets: there is no file HERE/none.jsonl.",
        "a folder": "--tickets: there is no file HERE.",
        "blank lines": "--knowledge: HERE/blank.jsonl is empty; it takes one JSON object a line.",
        "no policy": "--policy: HERE/none.json cannot be read: No such file or directory.",
        "a folder as policy": "--policy: HERE cannot be read: Is a directory.",
        "a policy that cannot be":
            "--policy: HERE/rules.json: runs_per_ticket takes a whole number that is not negative, not -1.",
    }  # fmt: skip


@pytest.mark.django_db(databases=["default", "owner"])
def test_an_output_that_cannot_be_written_and_a_model_that_is_not_set_are_told(files: Path) -> None:
    assert refused(folder=files, out=str(files)) == f"--out: {files} cannot be written: Is a directory."
    assert refused(folder=files, llm="openai").startswith("--llm openai needs KLARK_MODEL_NAME")
    assert refused(folder=files, llm="local").startswith("--llm local needs KLARK_MODEL_PROVIDER=local")
    assert rows.count(Tenant) == 0


@pytest.mark.parametrize("error", [CannotStart("The folder is in use."), StartFailed("initdb could not make it")])
def test_a_trial_whose_database_cannot_start_says_so(
    files: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(trial, "standalone", failing(error))
    assert refused(folder=files) == str(error)


def test_a_trials_policy_may_speak_of_the_topics_that_a_trial_knows(tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text('{"mode": "queue", "topics": {"delivery": "reply"}}')
    rules = trial.rules_in(tmp_path / "policy.json")
    assert (rules, trial.rules_in(None)) == (Rules(mode="queue", topics={"delivery": "reply"}), None)


# knowledge


@pytest.mark.django_db
def test_one_help_centre_that_cannot_be_read_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = rows.tenant()
    rows.connection(tenant, account="one")
    rows.connection(tenant, account="two")
    rows.connection(tenant, account="off", active=False)

    def sync(row: Any) -> int:
        if row.account == "one":
            raise TryLater("the desk is away")
        return 4

    monkeypatch.setattr(knowledge, "sync", sync)
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("knowledge", "--tenant", "acme", "sync", stdout=out)
    told = out.getvalue().splitlines()
    assert sorted(told) == ["zendesk one: not read whole: the desk is away", "zendesk two: 4 changed"]


@pytest.mark.django_db
def test_an_embedding_server_that_fails_is_told_and_search_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    rows.article(rows.tenant())
    embedder = SimpleNamespace(model="small")
    monkeypatch.setattr(knowledge, "embedders", lambda: [embedder])
    monkeypatch.setattr(knowledge, "embed", failing(Refused("the key was refused")))
    told = " ".join(said("knowledge", "--tenant", "acme", "sync").split())
    assert "small: the key was refused. Search goes by words until it is done." in told
    assert "small: 0 of 1 passages" in said("knowledge", "--tenant", "acme", "status")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Hand Book", "hand_book!", "é", "x" * 31, "HANDBOOK", "-/etc"])
def test_a_source_has_a_plain_short_name(tmp_path: Path, name: str) -> None:
    rows.tenant()
    with pytest.raises(CommandError, match="up to 30 small letters, digits and dashes"):
        call_command("knowledge", "--tenant", "acme", "add", "--", name, str(tmp_path))
    assert rows.count(knowledge.Source) == 0
