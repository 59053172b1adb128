"""`manage.py policy export|check|diff|test|apply|schema`: a tenant's policy as a file, for Git and CI."""

import argparse
import copy
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from klark.drafting.kept_policy import paid_as_now
from klark.drafting.tenant_settings import settings_of
from klark.management.choose_account import tenant
from klark.management.choose_rules import topics_of, version_of
from klark.management.confirm import confirmed
from klark.management.policy_file.check import PolicyFile, read_policy_file
from klark.management.policy_file.expectations import Expectation, failures, read_expectation
from klark.management.policy_file.explained import schema
from klark.management.policy_file.export import as_yaml, brought_up, with_version
from klark.management.trial import good_lines, must_have_lines
from klark.models import COMMAND_LINE, AuditAct, Policy, Tenant, policy_in_force, record, rules_of, within
from klark.models.policy import RULE_FIELDS
from klark.models.policy_versions import give_modes, save_row
from klark.values.policy.differences import differences

PARTS = {
    "export": "write the policy as a commented file; in a FILE that exists, comments and order stay",
    "check": "tell every mistake in a file, with its line; exit status 1 if there is one",
    "diff": "tell what `apply` would change; exit status 0: nothing, 1: something, 2: the file cannot be used",
    "test": "run tickets under the file's policy and compare the decisions; exit status 1 if one is another; writes nothing "
    "to a helpdesk",
    "apply": "make the file's policy the next version, after a question",
    "schema": "print the JSON Schema of such a file",
}
STALE = (
    "The file starts from version {file}, and version {now} is in force: somebody has changed the policy since. See `policy "
    "diff`, bring the file up with `policy export`, or apply it over that version with --force."
)


class Command(BaseCommand):
    """Runs one subcommand. Only `apply` writes to the database, and only `export` and `apply` to the file."""

    help = "Keep a policy as a YAML file: export, check, compare, test and apply it. See docs/policy-file.md."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the subcommands and their options."""
        parts = parser.add_subparsers(dest="part", required=True)
        added = {name: parts.add_parser(name, help=words, description=words) for name, words in PARTS.items()}
        for name in ("export", "check", "diff", "test", "apply"):
            count = "?" if name == "export" else None
            added[name].add_argument("file", type=Path, nargs=count, help="the policy, in YAML", metavar="FILE")
            needless = (
                "without it topics are not looked up" if name == "check" else "not needed where there is only one"
            )
            added[name].add_argument("--tenant", default="", help=f"the tenant's short name ({needless})")
        added["export"].add_argument("--version", type=int, help="an older version, as a number")
        added["test"].add_argument(
            "--tickets", type=Path, help='tickets as `try` takes them, each with "decision", instead of those in FILE'
        )
        added["apply"].add_argument("--yes", action="store_true", help="do not ask")
        added["apply"].add_argument("--why", default="", help="the reason, for the audit chain")
        added["apply"].add_argument(
            "--force", action="store_true", help="also over a version that the file did not start from"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the subcommand."""
        getattr(self, f"_{options['part']}")(options)

    def _schema(self, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False))

    def _export(self, options: dict[str, Any]) -> None:
        owner, path = tenant(options["tenant"]), options["file"]
        with within(owner.pk):
            number = options["version"]
            rules = rules_of(policy_in_force(owner.pk) if number is None else version_of(owner, number, "--version: "))
        if path is None:
            self.stdout.write(as_yaml(rules), ending="")
            return
        _write(path, brought_up(read_policy_file(path), rules) if path.exists() else as_yaml(rules))
        self.stdout.write(f"{path} has version {rules.version} of {owner}'s policy.")

    def _check(self, options: dict[str, Any]) -> None:
        file = read_policy_file(options["file"], topics_of(tenant(options["tenant"])) if options["tenant"] else None)
        self.stdout.write(f"{options['file']} is a good policy, with {len(file.tests)} tests.")

    def _diff(self, options: dict[str, Any]) -> None:
        owner = tenant(options["tenant"])
        try:
            file = read_policy_file(options["file"], topics_of(owner))
        except CommandError as error:
            raise CommandError(str(error), returncode=2) from None
        if self._tell(owner, file):
            raise SystemExit(1)

    def _tell(self, owner: Tenant, file: PolicyFile) -> tuple[Policy | None, list[str]] | None:
        """Prints what the file changes. Returns the policy in force with the fields that change; None if nothing does."""
        with within(owner.pk):
            now = policy_in_force(owner.pk)
            found = differences(rules_of(now), file.rules)
        if not found:
            self.stdout.write(f"Nothing changes: {owner} has this policy already.")
            return None
        for sentence in (sentence for sentences in found.values() for sentence in sentences):
            self.stdout.write(sentence)
        return now, list(found)

    def _apply(self, options: dict[str, Any]) -> None:
        owner, path = tenant(options["tenant"]), options["file"]
        file = read_policy_file(path, topics_of(owner))
        told = self._tell(owner, file)
        if told is None:
            return
        now, fields = told
        version = now.version if now else 0
        if file.version not in (None, version) and not options["force"]:
            raise CommandError(STALE.format(file=file.version, now=version))
        question = f"Make this version {version + 1} of {owner}'s policy? Type yes: "
        if not options["yes"] and not confirmed(question):
            raise CommandError("Nothing was changed. Where nobody can answer, --yes confirms.")
        saved = _save(owner, now, file, fields, options["why"])
        self.stdout.write(f"Version {saved} is in force from the next ticket on.")
        if file.version is not None:
            _write(path, with_version(file, saved))
            self.stdout.write(f"{path} starts from version {saved} now.")

    def _test(self, options: dict[str, Any]) -> None:
        owner = tenant(options["tenant"])
        file = read_policy_file(options["file"], topics_of(owner))
        tally = Counter[str]()
        expected = self._tickets(options["tickets"], tally) if options["tickets"] else file.tests
        if not expected and not tally:
            raise CommandError(f"{options['file']} has no tests; name a file of tickets with --tickets.")
        wrong = failures(expected, settings_of(owner.pk, rules=paid_as_now(owner.pk, file.rules)))
        if wrong.rows:
            Console(file=cast("IO[str]", self.stdout), markup=False).print(wrong)
        good = len(expected) - len(wrong.rows)
        self.stdout.write(f"{good} of {len(expected)} tickets get the expected decision.")
        if wrong.rows or tally["bad"]:
            raise SystemExit(1)

    def _tickets(self, path: Path, tally: Counter[str]) -> list[Expectation]:
        must_have_lines("tickets", path)
        console = Console(file=cast("IO[str]", self.stderr), markup=False)
        with Progress(console=console) as progress:
            return [line.value for line in good_lines(progress, "tickets", path, read_expectation, tally, console)]


def _save(owner: Tenant, now: Policy | None, file: PolicyFile, fields: Iterable[str], why: str) -> int:
    """Saves the file's policy, and what stays with it (the model), as the next version; returns its number. Raises CommandError
    if somebody else saved one since `now`."""
    row = copy.copy(now) if now else Policy(tenant_id=owner.pk)
    before, held, fresh = (now.version if now else 0), file.columns(), Policy()
    for name in RULE_FIELDS:
        setattr(row, name, held.get(name, getattr(fresh, name)))
    with within(owner.pk):
        save_row(row)
        if row.version != before + 1:
            raise CommandError(f"Nothing was changed: version {row.version - 1} was saved meanwhile. Look at it first.")
        give_modes(row, file.rules.topics)
        record(owner.pk, COMMAND_LINE, AuditAct.POLICY, row, done=[{"changed": {"fields": list(fields)}}], why=why)
    return row.version


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
