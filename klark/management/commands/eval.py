"""`manage.py eval`: tries a tenant's regression set with one model or several, and compares what comes of it."""

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from integrations.errors import IntegrationError
from integrations.llms.base import BudgetSpent
from klark.drafting.tenant_settings import has_model
from klark.evidence.intervals import share_words
from klark.evidence.new_files import write_files
from klark.evidence.regression.case_results import TITLES, VERDICTS, WHY_NOT, CaseResult, results_of
from klark.evidence.regression.cases import MOST, RegressionCase, cases_of, count_by_kind
from klark.evidence.regression.figures import figures
from klark.evidence.rerun.replay import Changes
from klark.management.choose_account import tenant
from klark.management.choose_model import NONE, NOW, chosen_account
from klark.management.choose_rules import chosen_rules
from klark.management.trial import count
from klark.models import Tenant, policy_in_force, rules_of, within

FILE = "eval.json"
SPENT = "The budget is spent. What models were asked is kept: run the same again tomorrow, or with more budget."
STOPPED = "--llm {}: {}. What models were asked is kept: run the same again, and they are not asked twice."
NO_CASES = (
    "{} has no case yet. A case is a draft that somebody edited or rejected, or judged wrong, or in place of which a colleague "
    "answered in other words."
)  # fmt: skip
ROWS = (*VERDICTS, "sent", "held", "sent_wrong")


class Command(BaseCommand):
    """Tries the cases with each model, and says what is right. Nothing is written to a helpdesk, and no draft is changed."""

    help = (
        "Try the tenant's regression set, the drafts that people corrected, under the policy and with the knowledge in force, "
        "and compare models: right, wrong, held, cost and time. Nothing is written to a helpdesk. See docs/learning.md."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument("--tenant", default="", help="the tenant's short name (not needed where there is only one)")
        parser.add_argument(
            "--llm", action="append", metavar="MODEL", default=None,
            help=f"{NOW}: the tenant's own (the default); {NONE}: sections are quoted; NAME: a model of the tenant's server; "
            "NAME@https://…: one of another server. May be given several times",
        )  # fmt: skip
        parser.add_argument(
            "--prices", nargs=3, action="append", metavar=("MODEL", "IN", "OUT"), default=[],
            help="what this --llm costs for a million tokens read and written (else as in the policy)",
        )  # fmt: skip
        parser.add_argument(
            "--policy", metavar="FILE|VERSION", help="another policy: a file, or the number of a version"
        )
        parser.add_argument("--limit", type=count, default=MOST, help=f"the newest cases at most (default: {MOST})")
        parser.add_argument("--json", action="store_true", help="write one JSON object, with all texts")
        parser.add_argument("--out", type=Path, metavar="FOLDER", help=f"write the same into a file there, {FILE}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compares the models. Raises CommandError."""
        owner = tenant(options["tenant"])
        with within(owner.pk):
            cases = cases_of(owner.pk, options["limit"])
        if not cases:
            raise CommandError(NO_CASES.format(owner))
        contenders = _contenders(owner, options)
        results = self._results(owner, cases, contenders)
        report = _report(owner, cases, results)
        if options["out"]:
            _write(options["out"], report)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report)

    def _results(
        self, owner: Tenant, cases: Sequence[RegressionCase], contenders: Mapping[str, Changes]
    ) -> dict[str, list[CaseResult]]:
        """Returns what comes of each case with each model. The same judge compares for all of them, if any of them is paid."""
        found: dict[str, list[CaseResult]] = {}
        judged = any(each.models == "now" for each in contenders.values())
        with Progress(console=Console(file=cast("IO[str]", self.stderr))) as progress:
            for name, changes in contenders.items():
                with _in_plain_words(name):
                    trying = results_of(owner.pk, cases, changes, judged)
                    found[name] = list(progress.track(trying, len(cases), description=name))
        return found

    def _tell(self, report: Mapping[str, Any]) -> None:
        console = Console(file=cast("IO[str]", self.stdout), markup=False)
        models = report["models"]
        drawn = Table(f"{report['cases']} cases", *models)
        for row in ROWS:
            drawn.add_row(
                str(TITLES.get(row, row.replace("_", " "))), *(share_words(of[row]) for of in models.values())
            )
        drawn.add_row(f"cost ({report['currency']})", *(of["cost"] for of in models.values()))
        drawn.add_row("cost of comparing", *(of["cost_of_comparing"] for of in models.values()))
        drawn.add_row("seconds, p50 / p95", *(_seconds(of["seconds"]) for of in models.values()))
        drawn.add_row("gave nothing usable", *(str(of["silent"]) for of in models.values()))
        drawn.add_row("not judged", *(str(of["unjudged"]) for of in models.values()))
        console.print(drawn)
        cases = Table("Draft", "Ticket", "What people did", *models)
        for each in filter(_is_telling, report["tried"]):
            cases.add_row(str(each["draft"]), each["ticket"], each["corrected"], *map(_short, each["results"].values()))
        if cases.rows:
            console.print(cases)


@contextmanager
def _in_plain_words(name: str) -> Any:
    try:
        yield
    except BudgetSpent as error:
        raise CommandError(SPENT) from error
    except IntegrationError as error:
        raise CommandError(STOPPED.format(name, error)) from error


def _contenders(owner: Tenant, options: dict[str, Any]) -> dict[str, Changes]:
    """Returns by its name what is tried of each model. Raises CommandError."""
    with within(owner.pk):
        rules, modelled = rules_of(policy_in_force(owner.pk)), has_model(owner.pk)
    paid, named = rules, list(dict.fromkeys(options["llm"] or [NOW if modelled else NONE]))
    if unknown := [each[0] for each in options["prices"] if each[0] not in named]:
        raise CommandError(f"--prices {unknown[0]}: there is no --llm {unknown[0]}.")
    rules = chosen_rules(owner, options["policy"]) if options["policy"] else rules
    if NOW in named and not modelled:
        raise CommandError(f"--llm {NOW}: {owner} has no model. --llm {NONE} quotes sections.")
    found = {}
    for each in named:
        account = None if each in (NOW, NONE) else chosen_account(owner, each, paid, options["prices"])
        found[each] = Changes(rules, models="none" if each == NONE else "now", knowledge="now", account=account)
    return found


def _report(
    owner: Tenant, cases: Sequence[RegressionCase], results: Mapping[str, Sequence[CaseResult]]
) -> dict[str, Any]:
    with within(owner.pk):
        currency = rules_of(policy_in_force(owner.pk)).currency
    tried = [
        {
            "draft": case.draft_id, "ticket": case.ticket_id, "corrected": str(case.corrected), "said": case.said,
            "right": case.right, "why": case.why,
            "results": {name: found[place].as_json() for name, found in results.items()},
        }
        for place, case in enumerate(cases)
    ]  # fmt: skip
    return {
        "tenant": owner.slug, "cases": len(cases), "by_kind": count_by_kind(cases), "currency": currency,
        "models": {name: figures(found) for name, found in results.items()}, "tried": tried,
    }  # fmt: skip


def _write(folder: Path, report: Mapping[str, Any]) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_files(folder, {FILE: json.dumps(report, ensure_ascii=False, indent=1) + "\n"})
    except OSError as error:
        raise CommandError(f"--out: {error.filename} cannot be written: {error.strerror}.") from error


def _is_telling(tried: Mapping[str, Any]) -> bool:
    """Returns whether the models differ, or the only one is not right."""
    verdicts = {(each["verdict"], each["decision"]) for each in tried["results"].values()}
    return len(verdicts) > 1 or (len(tried["results"]) == 1 and next(iter(verdicts))[0] != "right")


def _short(result: Mapping[str, Any]) -> str:
    """Returns a result in a cell: its verdict, its decision, and what differs or is missing, or why nobody can tell."""
    pairs = result["contradicting"]
    about = [" for ".join(f"“{each}”" for each in pair if each) for pair in pairs] or [
        f"missing: “{each}”" for each in result["missing"]
    ]
    more = str(WHY_NOT.get(result["why"], "")) or "; ".join(about)
    told = f"{TITLES[result['verdict']]} {result['decision']}".strip()
    return f"{told}: {more[:200]}" if more else told


def _seconds(of: Mapping[str, Any]) -> str:
    return "—" if of["p50"] is None else f"{of['p50']:.1f} / {of['p95']:.1f}"
