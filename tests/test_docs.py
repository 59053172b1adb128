"""README, .ci/run and docs say the same, and what the code does."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from guardrails.checks import CHECKS
from guardrails.triage.sensitive_topics import CATEGORIES
from integrations.helpdesks.base import Helpdesk
from klark.trial_files import read_article, read_lines, read_ticket
from klark.values.policy.rules import Rules, read_rules
from klark.values.reasons import Reason
from tests.findings_table import FOUND, findings_table

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BUILD = [ROOT / name for name in (".ci/run", "Dockerfile", "docker-compose.yml", ".env.example", "pyproject.toml")]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
CODE = ("klark", "guardrails", "integrations", "scripts", "tests")
EXAMPLES = ROOT / "docs" / "examples"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?<!`)\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^|\s)(?:python )?manage\.py (\S.*)$")
READ = re.compile(r'\b(?:env\.\w+|required|whole_number|one_of|some_of|database)\(\s*"([A-Z_]+)"')
OURS = {
    "demo", "try", "migrate", "serve", "knowledge", "connect", "disconnect", "connections", "judge", "keys", "export", "erase",
    "training",
}  # fmt: skip


def named(page: Path) -> str:
    """As in docs/figures/triage.md."""
    return page.relative_to(ROOT).as_posix()


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code_of(page: Path) -> Iterator[str]:
    """Every line of a fence, every span in the running text, without the comments behind commands."""
    words = page.read_text("utf-8")
    for fence in FENCE.finditer(words):
        yield from (re.split(r"\s{2,}#|\s#\s", line)[0].strip() for line in fence[2].splitlines())
    yield from SPAN.findall(FENCE.sub("", words))


def commands(page: Path) -> Iterator[list[str]]:
    """What follows `manage.py`, split as a shell would."""
    for line in code_of(page):
        if (found := COMMAND.search(line)) and found[1].split()[0].isidentifier():
            yield shlex.split(found[1])


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub's links name them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def lines_of(page: Path) -> list[str]:
    return page.read_text("utf-8").splitlines()


def readme_commands() -> list[str]:
    first = next(FENCE.finditer(text("README.md")))
    return [line.split("#")[0].strip() for line in first[2].splitlines()]


def cells(page: str, heading: str) -> list[str]:
    """The first column of the first table under a heading, without its head."""
    part = re.split(rf"^## {heading}$", text(page), flags=re.MULTILINE)[1]
    rows = [line for line in part.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [row.split("|")[1].strip() for row in rows[2:]]


def test_the_readme_has_the_two_commands_and_ci_runs_both():
    job, tests = readme_commands()
    assert (job, tests) == ("pip install uv && uv run manage.py demo", "pip install uv && uv run pytest")
    ran = text(".ci/run").replace("pip install --quiet uv", "pip install uv").splitlines()
    assert tests in ran
    assert any(line.startswith(f"{job} --once") for line in ran)


def test_every_command_of_ci_stands_in_contributing():
    ran = re.findall(r"uv run --no-sync (.+)", text(".ci/run"))
    assert len(ran) >= 8
    told = list(code_of(ROOT / "CONTRIBUTING.md"))
    assert [command for command in ran if f"uv run --no-sync {command}" not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_manage_command_exists_and_takes_its_options(page):
    for name, *arguments in commands(page):
        assert name in get_commands(), f"{named(page)}: manage.py {name}"
        if name in OURS and arguments:
            parser = load_command_class("klark", name).create_parser("manage.py", name)
            known = set(parser._option_string_actions)
            assert [word for word in arguments if word.startswith("--") and word not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page):
    for link in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{named(page)}: {link}"
        assert not anchor or anchor in anchors(target), f"{named(page)}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_path_that_is_named_exists(page):
    ours = re.compile(r"^(?:klark|integrations|guardrails|tests|scripts|docs|\.ci)/[\w./-]*$")
    examples = ("acme", "shouting", "NAME")
    paths = [span for span in code_of(page) if ours.match(span) and not any(word in span for word in examples)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_setting_stands_in_the_operators_table():
    read = set(READ.findall(text("klark/settings.py")))
    asked = set(re.findall(r"^([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    composed = set(re.findall(r"\$\{([A-Z_]+)", text("docker-compose.yml")))
    told = {cell.strip("`") for cell in cells("docs/operator.md", "Settings")}
    child = text("integrations/e5/child.py")  # a process of its own reads them
    weights = set(re.findall(r"environ\.get\(\"(KLARK_\w+)\"", child))
    assert len(read) >= 18
    assert told == read | asked | composed | weights


def test_compose_sets_nothing_that_klark_does_not_read():
    services = yaml.safe_load(text("docker-compose.yml"))["services"]
    given = {name for name in ("migrate", "web", "door", "worker", "beat") for name in services[name]["environment"]}
    assert given - set(READ.findall(text("klark/settings.py"))) == set()


def test_compose_hands_every_setting_on():
    given = yaml.safe_load(text("docker-compose.yml"))["services"]["web"]["environment"]
    left = set(READ.findall(text("klark/settings.py"))) - set(given)
    assert left == {"KLARK_MODE", "DATABASE_OWNER_URL"}  # only migrate is given the owner's password


def test_what_compose_starts_exists_in_the_image():
    services = yaml.safe_load(text("docker-compose.yml"))["services"]
    assert services["migrate"]["command"][:2] == ["python", "manage.py"]
    assert services["migrate"]["command"][2] in get_commands()
    for name in ("worker", "beat"):
        program, flag, module = services[name]["command"][:3]
        assert (program, flag, hasattr(import_module(module), "app")) == ("celery", "--app", True)
    assert re.search(r'^CMD \["python", "manage.py", "(\w+)"', text("Dockerfile"), re.MULTILINE)[1] in get_commands()
    assert resolve(re.search(r"http://127\.0\.0\.1:8000(/[\w/]+)", text("Dockerfile"))[1]).url_name == "ready"


def test_compose_commands_name_services_and_profiles_that_exist():
    services = yaml.safe_load(text("docker-compose.yml"))["services"]
    told = [line for page in PAGES for line in code_of(page) if line.startswith("docker compose")]
    named = {
        word
        for line in told
        for word in re.findall(r"(?:run --rm|exec -T|stop|--scale) ([\w ]+?)(?: python| pg_|=|$)", line)
    }
    assert {name for words in named for name in words.split()} == {
        "web", "door", "worker", "beat", "database", "migrate",
    }  # fmt: skip
    assert {name for line in told for name in re.findall(r"--profile (\w+)", line)} == set(
        services["caddy"]["profiles"]
    )


def test_the_table_of_findings_is_the_catalogue():
    assert FOUND.search(text("docs/findings.md"))[0] == findings_table(), "run python -m tests.findings_table"


def test_the_table_of_checks_is_the_one_that_runs():
    assert [re.match(r"\[(\w+)\]", cell)[1] for cell in cells("docs/guardrails.md", "The checks")] == list(CHECKS)


def test_every_sensitive_topic_is_told():
    assert [cell.strip("`") for cell in cells("docs/guardrails.md", "Sensitive topics")] == list(CATEGORIES)


def test_every_reason_is_told_by_its_title():
    part = text("docs/policy.md").split("## Reasons")[1]
    told = {
        row[1].strip(" `"): row[2].strip() for row in (line.split("|")[1:] for line in part.splitlines() if "`" in line)
    }
    assert told == {reason.value: reason.title() for reason in Reason}


def test_every_field_of_a_policy_is_told():
    told = {name for cell in cells("docs/policy.md", "Fields") for name in SPAN.findall(cell)}
    assert told == {field.name for field in fields(Rules)}


def test_the_page_on_security_leaves_out_no_chapter_and_says_who_tries_each_threat():
    told = cells("docs/security.md", "OWASP ASVS 5.0, level 2")
    assert [cell.split()[0] for cell in told] == [f"V{number}" for number in range(1, 18)]
    told = cells("docs/security.md", "OWASP Top 10 for LLM applications, 2025")
    assert [cell.split()[0] for cell in told] == [f"LLM{number:02}" for number in range(1, 11)]
    threats = [
        line for line in text("docs/security.md").splitlines() if re.match(r"\| [^|]+ \| [STRIDE](, [STRIDE])*: ", line)
    ]
    assert len(threats) == len(cells("docs/security.md", "Threats along the path"))
    assert [line for line in threats if "`tests/" not in line] == []


def test_the_examples_can_be_read():
    lines = [
        *read_lines(EXAMPLES / "articles.jsonl", read_article),
        *read_lines(EXAMPLES / "tickets.jsonl", read_ticket),
    ]
    assert [line.wrong for line in lines] == [""] * 8
    assert read_rules(json.loads(text("docs/examples/policy.json"))).mode == "note"


def test_the_pages_show_the_examples_as_they_are():
    pages = text("docs/try.md") + text("docs/policy.md")
    blocks = [json.loads(fence[2]) for fence in FENCE.finditer(pages) if fence[1] == "json"]
    tickets = [json.loads(line) for line in text("docs/examples/tickets.jsonl").splitlines()]
    assert json.loads(text("docs/examples/policy.json")) in blocks
    assert tickets[1] in blocks


def test_no_page_but_the_decisions_is_long():
    assert [named(page) for page in PAGES[3:] if page.name != "decisions.md" and len(lines_of(page)) >= 200] == []
    assert len(lines_of(ROOT / "README.md")) <= 120
    assert len(lines_of(ROOT / "CONTRIBUTING.md")) <= 80


def test_the_example_of_a_helpdesk_is_one():
    told: dict[str, Any] = {}
    exec(next(fence[2] for fence in FENCE.finditer(text("docs/engineer.md")) if fence[1] == "python"), told)
    wanted = {name for name in vars(Helpdesk) if not name.startswith("_")}
    assert wanted - set(dir(told["AcmeDesk"])) == set()


def test_every_page_that_is_named_in_code_exists():
    code = [path for folder in CODE for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".po", ".html")]
    told = {page for path in code for page in re.findall(r"(?<![\w/])docs/[\w/-]+\.md", path.read_text("utf-8"))}
    assert len(told) >= 8
    assert {page for page in told if not (ROOT / page).exists()} == set()


def test_the_engineers_page_counts_every_broad_except():
    broad = re.compile(r"^\s*except (?:Base)?Exception\b", re.MULTILINE)
    code = [path for part in ("guardrails", "integrations", "klark") for path in sorted((ROOT / part).rglob("*.py"))]
    assert [named(path) for path in code if broad.search(path.read_text("utf-8"))] == [
        "guardrails/guard.py", "klark/runtime/per_tenant.py", "klark/tasks.py", "klark/wakeup.py",
    ]  # fmt: skip
    assert "- A broad `except` stands in four places" in text("docs/engineer.md")


def test_nothing_names_a_machine_or_a_registry():
    told = {named(path): path.read_text("utf-8") for path in [*PAGES, *BUILD, *SCRIPTS]}
    private = re.compile(r"(?<![\w.:/])/(?:work|root|home|Users)/|index-url|pypi\.org|/simple/")
    assert {name: found[0] for name, words in told.items() if (found := private.search(words))} == {}


def test_no_lock_is_kept():
    assert "uv.lock" in text(".gitignore").splitlines()
    if (ROOT / ".git").exists():
        kept = subprocess.run(["git", "ls-files", "uv.lock"], cwd=ROOT, capture_output=True, text=True, check=True)
        assert kept.stdout == ""
