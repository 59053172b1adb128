"""Names what was asked that a draft leaves open."""

from collections.abc import Sequence

from guardrails.base import Reply
from klark.knowledge.similarity import covers
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord


def unanswered(run: RunRecord) -> list[str]:
    """Returns what was asked that the draft does not answer: by its judge, or, of a partial draft, by its words where the judge
    does not tell one from the other; nothing if these do not either."""
    asks, reply = run.triage.asks, run.answer.reply
    if reply is None:
        return []
    by_judge = run.readings[-1].judged.answered if run.readings else ()
    is_partial = run.decided.reason is Reason.PARTLY_ANSWERABLE
    for answered in (by_judge, _by_words(asks, reply) if is_partial else ()):
        left_open = [ask for ask, is_answered in zip(asks, answered, strict=False) if not is_answered]
        if 0 < len(left_open) < len(asks):
            return left_open
    return []


def _by_words(asks: Sequence[str], reply: Reply) -> list[bool]:
    told = [
        " ".join([each.text, *(f"{source.title} {source.text}" for source in each.sources)]) for each in reply.sentences
    ]
    return [covers(ask, told, reply.language) for ask in asks]
