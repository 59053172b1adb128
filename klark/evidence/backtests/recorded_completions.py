"""The completions that a backtest was given, in a file beside its report: run again, nothing that was asked is asked anew."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from integrations.llms.base import LLM, Completion
from klark.drafting.caching_llm import CachingLLM
from klark.drafting.exchanges import with_models
from klark.drafting.fallback import Fallback
from klark.values.tenant_settings import TenantSettings

NAME = "completions.jsonl"


class RecordedCompletions:
    """The file's completions by their digest, and `day`: the day that its first run took as today."""

    def __init__(self, folder: Path, today: date) -> None:
        self.path = folder / NAME
        if not self.path.exists():
            self.path.touch(mode=0o600)  # it holds what models wrote about tickets
        rows = list(_rows(self.path))
        self.by_digest = {row["digest"]: _completion(row) for row in rows if "digest" in row}
        days = [date.fromisoformat(row["today"]) for row in rows if "today" in row]
        self.day = days[0] if days else today
        kept = self.path.read_bytes()
        if kept and not kept.endswith(b"\n"):  # cut off while it was written
            self._write("\n")
        if not days:
            self._append({"today": today.isoformat()})

    def over(self, ours: TenantSettings) -> TenantSettings:
        """Returns the settings with every paid model behind this file. What quotes sections costs nothing and is left as it
        is."""
        return with_models(ours, lambda llm, _: self._behind(llm))

    def _behind(self, llm: LLM) -> LLM:
        if isinstance(llm, Fallback):
            return Fallback([self._behind(each) for each in llm.llms])
        if not isinstance(llm, CachingLLM):
            return llm
        return CachingLLM(lambda: llm, self.by_digest.get, self._keep, llm.model)

    def _keep(self, digest: str, done: Completion) -> None:
        self.by_digest[digest] = done
        self._append({"digest": digest, **asdict(done), "cost": str(done.cost)})

    def _append(self, row: Mapping[str, Any]) -> None:
        self._write(json.dumps(row, ensure_ascii=False) + "\n")

    def _write(self, text: str) -> None:
        with self.path.open("a", encoding="utf-8") as out:
            out.write(text)


def _rows(path: Path) -> list[dict[str, Any]]:
    """Returns the lines that can be read: the last one of a run that was killed may be half a line."""
    if not path.exists():
        return []
    rows = (_row(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row is not None]


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _completion(row: Mapping[str, Any]) -> Completion:
    values = {name: row[name] for name in Completion.__slots__ if name in row}
    return Completion(**{**values, "cost": Decimal(row["cost"])})
