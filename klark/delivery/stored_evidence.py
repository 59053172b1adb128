"""What is stored of each stage of a run, so that its decision can be explained: masked prompts, completions, passages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from guardrails.confidence import fitted
from klark.values.decision import Case
from klark.values.draft import DraftAnswer, JudgeReading
from klark.values.passages import FoundArticle
from klark.values.triage import SecondReading


def second_reader_record(second: SecondReading | None) -> dict[str, Any]:
    """Returns the second reader's masked prompt and its completion; {} where there was none."""
    if second is None:
        return {}
    done = second.completion
    return {
        "system": second.prompt.system, "user": second.prompt.user, "raw": done.raw if done else "", "failed": second.failed,
        "model": done.model if done else "", "server": done.server if done else "",
    }  # fmt: skip


def passages_record(found: Sequence[FoundArticle]) -> list[Mapping[str, Any]]:
    """Returns the passages that a drafter was given."""
    return [
        {"article": each.article, "version": each.version, "title": each.title, "url": each.url,
         "language": each.language, "sentences": list(each.lines), "score": round(each.score, 4), "fallback": each.fallback,
         "sections": [[section.heading, len(section.lines), round(section.score, 4)] for section in each.sections],
         "updated": each.updated.isoformat() if each.updated else None,
         "personal": each.personal, "answered": asdict(each.answered) if each.answered else None}
        for each in found
    ]  # fmt: skip


def judged_record(readings: Sequence[JudgeReading]) -> list[dict[str, Any]]:
    """Returns the judge's masked prompt and its completion, for each reading."""
    return [
        {"system": each.prompt.system if each.prompt else "", "user": each.prompt.user if each.prompt else "",
         "raw": each.completion.raw if each.completion else "", "failed": each.failed, "trusted": each.judged.trusted,
         "model": each.completion.model if each.completion else "",
         "server": each.completion.server if each.completion else ""}
        for each in readings
    ]  # fmt: skip


def answer_record(answer: DraftAnswer) -> dict[str, Any]:
    """Returns the drafter's masked prompt and its completion."""
    prompt, completion = answer.prompt, answer.completion
    return {
        "system": prompt.system if prompt else "",
        "user": prompt.user if prompt else "",
        "completion": dict(completion.content) if completion else None,
        "raw": completion.raw if completion else "",
        "server": answer.server,
        "left_out": [{"text": each.text, "sources": [one.text for one in each.sources]} for each in answer.left_out],
        "failed": answer.failed,
    }


def case_record(case: Case | None) -> dict[str, Any]:
    """Returns what the decision depended on besides the ticket and the policy, and what the confidence was computed from."""
    if case is None:
        return {}
    return {
        "channel": case.channel, "third_party": case.third_party, "led_by_person": case.led_by_person,
        "excluded_in_copy": case.excluded_in_copy, "unread_attachments": case.unread_attachments, "has_model": case.has_model,
        "coverage": case.coverage, "by_meaning": case.by_meaning, "repaired": case.repaired,
        "confidence": case.confidence,
        "signs": [asdict(one) for one in case.signs],
        "fitted": fitted().on.isoformat(),
    }  # fmt: skip
