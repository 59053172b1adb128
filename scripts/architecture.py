"""Draws the rooms (the packages inside klark) and who imports whom, from the code: docs/architecture.md.

    uv run python -m scripts.architecture [--check]

An arrow goes from a room to one that it imports. `klark.values`, `klark.models` and `klark.runtime`, which almost every room
imports, are left out of the picture, and so are `integrations` and `guardrails` as targets. With `--check`, exits with 1 if the
page does not match the code.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/architecture.md"
LAYERS = (
    ("ways in", ("management", "demo", "admin", "webhooks", "api", "metrics", "health", "tasks", "trial_files")),
    (
        "people",
        ("ticket_acts", "review", "stopping", "taking", "adding", "gap_articles", "evidence", "assistance"),
    ),
    (
        "the path, in order",
        ("pipeline", "live_reads", "intake", "triage", "retrieval", "context", "drafting", "deciding", "delivery"),
    ),
    ("what it stands on", ("knowledge", "sources", "connections", "personal_data", "autonomy", "notifications")),
)
UNDER_ALL = ("values", "models", "runtime")
HEAD = """# Architecture

Three packages: `klark` is the Django project and alone knows the database; `integrations` may use the network; `guardrails` may
use neither. Inside `klark` imports go down only, and the rooms of the path do not know each other
([pyproject.toml](../pyproject.toml), checked by import-linter). [engineer.md](engineer.md) walks through the path of a ticket.
[figures/house.md](figures/house.md) has how large each part is. `python -m scripts.architecture` draws this page.

"""


def main() -> None:
    """Writes the page, or compares it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    drawn = HEAD + "\n".join(_picture()) + "\n\n" + "\n".join(_rooms()) + "\n"
    if not parser.parse_args().check:
        PAGE.write_text(drawn, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != drawn:
        sys.exit("docs/architecture.md is not what the code says: run python -m scripts.architecture")


def _picture() -> Iterator[str]:
    graph = grimp.build_graph("klark", "integrations", "guardrails")
    shown = {room for _, rooms in LAYERS for room in rooms}
    pairs = {
        (room, _room(target)) for module in graph.modules if (room := _room(module)) in shown
        for target in graph.find_modules_directly_imported_by(module)
    }  # fmt: skip
    yield "```mermaid\nflowchart TD"
    for number, (title, rooms) in enumerate(LAYERS):
        yield f'    subgraph L{number}["{title}"]\n        {" ~~~ ".join(rooms)}\n    end'
    for room, target in sorted(pairs):
        if target in shown and target != room:
            yield f"    {room} --> {target}"
    yield "```"


def _room(module: str) -> str:
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] if package == "klark" else ""


def _rooms() -> Iterator[str]:
    yield "| room | what it does |\n|---|---|"
    for room in (*(room for _, rooms in LAYERS for room in rooms), *UNDER_ALL):
        yield f"| `klark.{room}` | {_said(ROOT / 'klark' / room)} |"


def _said(path: Path) -> str:
    """Returns the first paragraph of a module's docstring, or the first line of a package's, which says more on the next."""
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return words.split("\n", 1)[0] if path.is_dir() else " ".join(words.split("\n\n", 1)[0].split())


if __name__ == "__main__":
    main()
