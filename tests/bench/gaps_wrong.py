"""Agents and a model that are wrong, for tests.bench.gaps: does a drafted article say what they say?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch
from uuid import UUID

from integrations.llms.base import Completion, Prompt
from klark.demo.recordings import Recordings
from klark.gap_articles import writing
from klark.gap_articles.agreement import Answer, agreement
from klark.values.draft import Judge
from klark.values.tenant_settings import TenantSettings

FIRST, SECOND = (UUID(int=1), "1"), (UUID(int=1), "2")


def disputed(reply: Sequence[str], lie: Mapping[str, Any], language: str) -> Counter[str]:
    """What becomes of a wrong sentence in one agent's answer, where another one's has the right sentence."""
    right = reply[lie["n"] - 1]
    wrong = tuple(lie["text"] if text == right else text for text in reply)
    found = agreement([Answer(FIRST, tuple(reply)), Answer(SECOND, wrong)], language)
    stated = [each for each in found.statements if each.text == lie["text"]]
    shown = any(each.text in (lie["text"], right) for each in found.disputes)
    agreed = any(len(each.tickets) > 1 for each in stated)
    return Counter(of=1, shown=int(shown), stated=int(bool(stated)), stated_as_agreed=int(agreed))


def written(
    tenant_id: int,
    ours: TenantSettings,
    reply: Sequence[str],
    lie: Mapping[str, Any],
    recordings: Recordings,
    language: str,
) -> Counter[str]:
    """What is kept of an article that a model wrote from one answer, a sentence of it wrong: with the judge and without one."""
    agreed = agreement([Answer(FIRST, tuple(reply))], language)
    counts = Counter[str]()
    for name in ("judged", "unjudged") if agreed.readable else ():
        model = Writer(reply, lie, recordings)
        judge = Judge(model, "recorded", trusted=True) if name == "judged" else None
        asked = replace(ours, assistant=model, judge=judge)
        with patch.object(writing, "settings_of", lambda *_args, asked=asked: asked):
            made = writing.written(tenant_id, ["?"], agreed, language, f"{lie['id']}/{lie['n']}")
        kept = {each.text for each in made.statements}
        counts[f"written_wrong_{name}"] = int(lie["text"] in kept)
        counts[f"written_right_{name}"] = len(kept - {lie["text"]})
        counts["written_wrong_of"], counts["written_right_of"] = model.lied, model.said - model.lied
    return counts


@dataclass
class Writer:
    """Writes the recorded sentences that it can cite, one of them wrong, and judges as was recorded."""

    reply: Sequence[str]
    lie: Mapping[str, Any]
    recordings: Recordings
    dialect: str = ""
    said: int = 0
    lied: int = 0

    def complete(self, prompt: Prompt) -> Completion:
        wants = prompt.schema["properties"]
        return Completion(
            self._verdicts(prompt.user) if "verdicts" in wants else self._sentences(prompt), "", "recorded"
        )

    def _sentences(self, prompt: Prompt) -> dict[str, Any]:
        lines = {text: f"{each.id}.{at}" for each in prompt.passages for at, text in enumerate(each.sentences, 1)}
        places = [at for at, text in enumerate(self.reply) if text in lines]
        said = [
            {"text": self.lie["text"] if at == self.lie["n"] - 1 else self.reply[at], "cites": [lines[self.reply[at]]]}
            for at in places
        ]
        self.said, self.lied = len(said), int(self.lie["n"] - 1 in places)
        return {"answerable": True, "sentences": said}

    def _verdicts(self, page: str) -> dict[str, Any]:
        return {"verdicts": list(self._of(page)), "answers": [{"ask": f"A{n}", "answered": True} for n in (1, 2)]}

    def _of(self, page: str) -> Iterator[dict[str, Any]]:
        for line in page.splitlines():
            label, _, text = line.partition(" ")
            if label[:1] == "C" and label[1:].isdigit():
                known = self.recordings.verdict_of(text)
                word, relevant = (known.word, known.relevant) if known else ("not_stated", True)
                yield {"claim": label, "verdict": word, "relevant": relevant}
