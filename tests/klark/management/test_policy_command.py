"""`manage.py policy`: a policy goes out as a file and comes back as the next version, whole or not at all."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from klark.drafting.kept_policy import paid_as_now
from klark.management.policy_file.explained import schema
from klark.management.policy_file.export import as_yaml
from klark.models import Delivery, Draft, KeptCompletion, Policy, WebhookEvent, policy_in_force, within
from klark.values.policy.rules import Rules
from tests.klark import rows
from tests.klark.admin.test_audit import content, entries

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
BARE = {"PATH", "PYTHONPATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX"}
"""What an environment without any settings has."""


def run(part: str, *words: Any, status: int = 0) -> str:
    """What the command prints; `status`: how it must end, by itself."""
    out, ended = io.StringIO(), 0
    try:
        call_command("policy", part, *map(str, words), stdout=out)
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == status
    return out.getvalue()


def refused(part: str, *words: Any) -> CommandError:
    with pytest.raises(CommandError) as told:
        call_command("policy", part, *map(str, words), stdout=io.StringIO())
    return told.value


def versions(tenant: int) -> list[tuple[int, str]]:
    with within(tenant):
        return [*Policy.of(tenant).order_by("version").values_list("version", "mode")]


def rules(tenant: int) -> Rules:
    with within(tenant):
        policy = policy_in_force(tenant)
        assert policy is not None
        return policy.rules()


@pytest.fixture
def tenant() -> int:
    return rows.tenant(
        topics={"delivery": "queue"}, mode="note", languages=["fr"], model_name="m", sealed_key="a-secret"
    )


@pytest.fixture
def file(tenant: int, tmp_path: Path) -> Path:
    """Its policy, exported."""
    path = tmp_path / "acme.yaml"
    assert run("export", "--tenant", "acme", path) == f"{path} has version 1 of Acme's policy.\n"
    return path


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_what_is_exported_changes_nothing(tenant: int, file: Path) -> None:
    assert run("diff", "--tenant", "acme", file) == "Nothing changes: Acme has this policy already.\n"
    assert run("apply", "--tenant", "acme", file, "--yes").startswith("Nothing changes")
    assert (versions(tenant), entries(tenant)) == ([(1, "note")], [])
    assert "a-secret" not in file.read_text()


def test_without_a_file_the_policy_is_printed_also_an_older_one(tenant: int) -> None:
    rows.policy(tenant, mode="off")
    assert run("export") == as_yaml(rules(tenant))
    assert "\nversion: 1\n" in run("export", "--version", "1")
    assert str(refused("export", "--version", "9")) == "--version: Acme has no version 9 of its policy."


def test_a_file_that_is_there_is_brought_up_to_the_policy(tenant: int, file: Path) -> None:
    write(file, "mode: note", "mode: note  # for now")
    rows.policy(tenant, mode="off", languages=["fr"])
    run("export", file)
    assert "mode: off  # for now" in file.read_text()
    assert run("diff", file).startswith("Nothing changes")


def test_the_difference_is_told_field_by_field_and_by_the_exit_status(tenant: int, file: Path) -> None:
    write(file, "mode: note", "mode: reply")
    write(file, "  - fr", "  - fr\n  - de")
    write(file, "delivery: queue", "delivery: reply")
    write(file, "budget_day: null", "budget_day: 2.50")
    write(file, "price_in: 0", "price_in: 0.1")
    assert run("diff", file, status=1).splitlines() == [
        "mode: note becomes reply",
        "topics.delivery: queue becomes reply",
        "languages: de is added",
        "budget_day: nothing becomes 2.5",
        "price_in: 0 becomes 0.1",
    ]
    write(file, "mode: reply", "mode: loud")
    assert refused("diff", file).returncode == 2


def test_a_file_becomes_the_next_version_with_who_and_why(tenant: int, file: Path) -> None:
    write(file, "mode: note", "mode: reply")
    write(file, "delivery: queue", "delivery: off")
    said = run("apply", file, "--yes", "--why", "winter is over")
    assert said.splitlines() == [
        "mode: note becomes reply", "topics.delivery: queue becomes off", "Version 2 is in force from the next ticket on.",
        f"{file} starts from version 2 now.",
    ]  # fmt: skip
    assert versions(tenant) == [(1, "note"), (2, "reply")]
    now = rules(tenant)
    assert (now.mode, now.topics, now.languages) == ("reply", {"delivery": "off"}, ("fr",))
    new = rows.get(Policy, version=2)
    assert (new.model_name, new.sealed_key, new.used_at) == ("m", "a-secret", None)
    assert entries(tenant) == [("command line", "policy", "policy", str(new.pk))]
    assert content(tenant) == {"done": [{"changed": {"fields": ["mode", "topics"]}}], "why": "winter is over"}
    assert run("diff", file).startswith("Nothing changes")


def test_what_a_file_leaves_out_is_as_klark_has_it(tenant: int, tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text("mode: queue")
    run("apply", tmp_path / "short.yaml", "--yes")
    assert rules(tenant) == Rules(version=2, mode="queue")


def test_a_first_policy_can_come_from_a_file(tmp_path: Path) -> None:
    with within("*"):
        fresh = rows.Tenant.objects.create(slug="fresh", name="Fresh").pk
    (tmp_path / "first.yaml").write_text("version: 0\nmode: off")
    run("apply", tmp_path / "first.yaml", "--yes")
    assert rules(fresh) == Rules(version=1, mode="off")


def test_a_file_that_starts_from_an_older_version_is_refused_unless_forced(tenant: int, file: Path) -> None:
    rows.policy(tenant, mode="off", languages=["fr"])
    before = file.read_text()
    assert "starts from version 1, and version 2 is in force" in str(refused("apply", file, "--yes"))
    assert (versions(tenant), file.read_text()) == ([(1, "note"), (2, "off")], before)
    run("apply", file, "--yes", "--force")
    assert versions(tenant)[-1] == (3, "note")


def test_nothing_is_applied_without_a_yes(tenant: int, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, "mode: note", "mode: reply")
    for answer in ("no", ""):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        assert str(refused("apply", file)).startswith("Nothing was changed."), answer
    assert versions(tenant) == [(1, "note")]
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    run("apply", file)
    assert versions(tenant) == [(1, "note"), (2, "reply")]


def test_a_version_that_is_saved_during_the_question_is_not_overwritten(
    tenant: int, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, "mode: note", "mode: reply")

    def meanwhile(_: str) -> str:
        rows.policy(tenant, mode="off")
        return "yes"

    monkeypatch.setattr("builtins.input", meanwhile)
    assert str(refused("apply", file)) == "Nothing was changed: version 2 was saved meanwhile. Look at it first."
    assert (versions(tenant), entries(tenant)) == ([(1, "note"), (2, "off")], [])


def test_a_bad_file_is_told_whole_and_nothing_of_it_is_applied(tenant: int, file: Path) -> None:
    write(file, "mode: note", "mode: reply")
    write(file, "delivery: queue", "delivry: reply")
    write(file, "  - fr", "  - klingon")
    for part in ("check", "test", "apply"):
        told = refused(part, "--tenant", "acme", file)
        places = [line.partition(", line ")[0] for line in str(told).splitlines()]
        assert (part, told.returncode, places) == (part, 1, [str(file)] * 2)
    assert versions(tenant) == [(1, "note")]


def test_the_admin_and_a_file_refuse_the_same(tenant: int, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("budget_day: 5")
    assert "Fill in the prices" in str(refused("apply", tmp_path / "x.yaml", "--yes"))
    (tmp_path / "x.yaml").write_text("escalate_group: " + "x" * 41)
    assert "at most 40 characters" in str(refused("apply", tmp_path / "x.yaml", "--yes"))


def test_a_file_is_checked_without_any_tenant(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("topics: {anything: reply}")
    assert run("check", tmp_path / "x.yaml") == f"{tmp_path / 'x.yaml'} is a good policy, with 0 tests.\n"
    assert str(refused("check", tmp_path / "none.yaml")).endswith("cannot be read: No such file or directory.")


TESTS = """
tests:
  - {id: thanks, body_html: "Thank you very much!", decision: SKIP, reason: thanks_only}
  - {id: belgium, body_html: "How long does delivery to Belgium take?", decision: NOTE}
"""


def test_tickets_are_tried_under_the_files_policy_and_nothing_is_written(tenant: int, file: Path) -> None:
    rows.change(Policy, model_name="")
    rows.article(tenant)
    write(file, "  - fr", "  - en\n  - fr")
    file.write_text(file.read_text() + TESTS)
    assert run("test", file) == "2 of 2 tickets get the expected decision.\n"
    write(file, "delivery: queue", "delivery: off")
    write(file, "reason: thanks_only", "reason: spam")
    said = run("test", file, status=1)
    assert "0 of 2 tickets" in said
    assert [word in said for word in ("SKIP spam", "SKIP thanks_only", "ESCALATE", "policy_off")] == [True] * 4
    assert [rows.count(each) for each in (Draft, Delivery, WebhookEvent, KeptCompletion)] == [0] * 4
    assert versions(tenant) == [(1, "note")]


def test_a_file_that_is_tried_out_neither_pays_less_nor_may_spend_more() -> None:
    number = rows.tenant(budget_day=5, price_in=3)
    found = paid_as_now(number, Rules(mode="reply", budget_day=None))
    assert (found.mode, found.budget_day, found.price_in) == ("reply", 5, 3)


def test_tickets_may_come_from_a_file_of_their_own(tenant: int, file: Path, tmp_path: Path) -> None:
    lines = [{"id": 1, "body_html": "Thanks!", "decision": "SKIP"}, {"id": 2, "body_html": "x"}]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert (
        run("test", file, "--tickets", tmp_path / "t.jsonl", status=1) == "1 of 1 tickets get the expected decision.\n"
    )
    assert "has no tests" in str(refused("test", file))


def test_another_tenants_policy_stays_as_it_is(tenant: int, file: Path) -> None:
    other = rows.tenant("birch", mode="off")
    write(file, "mode: note", "mode: reply")
    assert "Which tenant?" in str(refused("apply", file, "--yes"))
    assert "there is no topic delivery" in str(refused("apply", file, "--yes", "--tenant", "birch")).lower()
    run("apply", file, "--yes", "--tenant", "acme")
    assert versions(other) == [(1, "off")]


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert (ROOT / "docs" / "policy.schema.json").read_text("utf-8") == run("schema")
    assert json.loads(run("schema")) == schema()


def test_the_page_shows_the_example_as_it_is_and_it_is_a_good_policy() -> None:
    example = ROOT / "docs" / "examples" / "policy.yaml"
    assert example.read_text("utf-8") in (ROOT / "docs" / "policy-file.md").read_text("utf-8")
    assert run("check", example).endswith("is a good policy, with 2 tests.\n")


@pytest.mark.slow
def test_a_file_is_checked_without_any_settings() -> None:
    bare = {name: value for name, value in os.environ.items() if name in BARE}
    line = [sys.executable, ROOT / "manage.py", "policy", "check", ROOT / "docs" / "examples" / "policy.yaml"]
    done = subprocess.run(line, env=bare, capture_output=True, text=True, check=False)
    assert (done.returncode, "is a good policy" in done.stdout) == (0, True), done.stderr
