"""What is stored of each stage of a run, so that its decision can be explained: masked prompts, completions, passages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from guardrails.confidence import fitted
from integrations.helpdesks.base import Ticket
from klark.values.decision import Case
from klark.values.draft import DraftAnswer, Exchange, JudgeReading
from klark.values.own_comments import OwnComments
from klark.values.passages import FoundArticle
from klark.values.people import known
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import SecondReading, digest_of_topics


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
        {"article_id": each.article_id, "article": each.article, "version": each.version, "title": each.title, "url": each.url,
         "language": each.language, "sentences": list(each.lines), "score": each.score, "fallback": each.fallback,
         "sections": [[section.heading, len(section.lines), section.score] for section in each.sections],
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


def exchanges_record(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """Returns what each model was asked and what came back. The prompts stand elsewhere in the record."""
    return [
        {"purpose": each.purpose, "digest": each.digest, "error": each.error, "words": each.words,
         "completion": None if each.completion is None else
         {**asdict(each.completion), "cost": str(each.completion.cost)}}
        for each in exchanges
    ]  # fmt: skip


def settings_record(
    ticket: Ticket, ours: TenantSettings, run: RunRecord, own: OwnComments, signs: bool
) -> dict[str, Any]:
    """Returns what the run needed to know of its tenant and of the ticket's surroundings, so that it can be repeated.

    `own`: what klark wrote on the ticket; `signs`: whether the helpdesk adds the sign-off. Of the people, only those are kept
    that are not on the ticket itself.
    """
    rungs = None if ours.rungs is None else [[*about, mode] for about, mode in ours.rungs.items()]
    return {
        "at": timezone.now().isoformat(), "today": ours.today.isoformat(), "modes": dict(ours.rules.topics),
        "topics": digest_of_topics(ours.topics), "stopped": sorted(ours.stopped_topics), "budget_spent": ours.budget_spent,
        "has_model": ours.has_model, "drafters": len(ours.drafters), "reader": ours.reader is not None,
        "judges": [[each.name, each.trusted] for each in (ours.judge.in_order if ours.judge else ())],
        "rungs": rungs, "first_model": ours.first_model, "signs": signs, "own_ids": sorted(own.own_ids),
        "own_comments": [each.id for each in ticket.comments if own.wrote(each)],
        "people": [asdict(each) for each in dict.fromkeys(run.people) if each not in known(ticket)],
    }  # fmt: skip
