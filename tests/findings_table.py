"""The table of findings in docs/findings.md: `python -m tests.findings_table` writes it from the catalogue."""

import re
from pathlib import Path

from guardrails.checks.finding_meanings import CATALOGUE, Entry

PAGE = Path(__file__).resolve().parent.parent / "docs" / "findings.md"
FOUND = re.compile(r"(?<=<!-- findings -->\n).*?(?=<!-- end -->)", re.DOTALL)


def shown(example: str) -> str:
    """An example as it can stand in a table: what cannot be seen is written out."""
    if example.startswith("("):
        return example
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in example)
    fence = "```` " if "`" in seen else "`"
    return f"{fence}{seen}{fence[::-1]}".replace("|", "\\|")


def row_of(entry: Entry) -> str:
    return f"| {entry.id} | {entry.en} | {shown(entry.hit)} | {shown(entry.miss)} |"


def findings_table() -> str:
    head = "\n| finding | what it means | hits | misses |\n|---|---|---|---|\n"
    return head + "\n".join(row_of(entry) for entry in CATALOGUE.values()) + "\n\n"


if __name__ == "__main__":
    PAGE.write_text(FOUND.sub(lambda _: findings_table(), PAGE.read_text("utf-8")), "utf-8")
