"""Sums up a thread in points, each with the messages that it rests on, and leaves out what they do not say.

With a model, a judge reads the points as it reads a draft; without one, sentences are quoted (klark.assistance.quoted_summary).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.utils.translation import gettext

from guardrails.base import UNJUDGED, Judged, Opinion, Sentence, Source, State
from guardrails.checks.groundedness import state_of
from guardrails.grounding.carried_values import not_carried
from guardrails.pii.mask import restore
from integrations.llms.base import LLM, TEXT, TEXTS, NumberedPassage, Prompt, many, strict
from integrations.llms.delimiters import between_marks
from klark.assistance.no_assistance import NoAssistance, assistant_of, completed
from klark.assistance.quoted_summary import Kind, quotes_of
from klark.assistance.recorded_turn import RecordedTurn
from klark.assistance.thread import Message, as_passages, last_day, messages_of
from klark.drafting.judge import LABELS, opinion_on
from klark.drafting.judge import SCHEMA as VERDICTS
from klark.drafting.prompt import AS_DATA, dated, labelled_asks, passage_blocks
from klark.drafting.request import mark_for
from klark.drafting.tenant_settings import settings_of
from klark.values.draft import Judge

LEAST = 5
"""Messages from which a thread is worth a summary: a shorter one is as quickly read."""
MOST_POINTS = 12
SYSTEM = (
    """You sum up a support ticket for the colleague who takes it over. Write in the language with the code {language}, one
short whole sentence a point, at most {most} points. Kinds: "asked", what the customer wants; "done", what support has done;
"promised", what support has promised, with its date; "open", what nobody has answered or done yet. Say only what the messages P1,
P2, … say; every point cites the lines that it rests on, as P2.1. No advice and no guess."""
    + AS_DATA
)
JUDGE_SYSTEM = (
    """You check a summary of a support ticket whose last message is of {today}. For each claim C1, C2, … say whether
the lines that it rests on say it, read as part of the whole ticket: "supported" only if they say all of it; "contradicted" if the
ticket says otherwise; "not_stated" in any other case, also where a person, deed, promise, date or amount is another's. That
something is open is supported if it was asked or promised and no later message settles it. "relevant": whether it helps the
colleague who takes the ticket over. Then say of A1 whether it is so."""
    + LABELS
)
WHOLE = "the claims name everything that the customer still waits for"
SCHEMA = strict(points=many(kind={"type": "string", "enum": [*get_args(Kind)]}, text=TEXT, cites=TEXTS))
Why = Literal["no_source", "damaged", "not_supported", "other_values"]


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence of a summary, how well it is supported, and the messages that it rests on."""

    kind: Kind
    text: str
    state: State
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """`dropped`: what was left out, and why. `quoted`: no model wrote it, and `refusal` says why not. `whole`: whether a
    judge whose word counts says that nothing open is missing; None if none has said."""

    points: tuple[Point, ...]
    dropped: tuple[tuple[str, Why], ...] = ()
    quoted: bool = False
    refusal: NoAssistance | None = None
    whole: bool | None = None

    @property
    def trouble(self) -> str:
        """Why no model wrote it, with what went wrong; "" if one did."""
        return self.refusal.whole if self.refusal else ""


@dataclass(frozen=True, slots=True)
class _Thread:
    messages: tuple[Message, ...]
    passages: tuple[NumberedPassage, ...]
    table: Mapping[str, str]
    mark: str
    language: str


def summary_of(turn: RecordedTurn, language: str) -> Summary:
    """Returns the summary in this language ("" for the policy's first), or quotes in the thread's own where no model answers.

    Opens its own transactions. Raises NoAssistance for a thread that is too short.
    """
    messages = messages_of(turn.ticket)
    if len(messages) < LEAST:
        told = {"few": len(messages), "least": LEAST}
        raise NoAssistance(gettext("The thread has %(few)d messages: a summary is made from %(least)d on.") % told)
    ours = settings_of(turn.tenant_id, about=turn.about)
    try:
        passages, table = as_passages(turn.ticket, messages)
        language = language or ours.rules.language
        thread = _Thread(messages, passages, table, mark_for(turn.ticket), language)
        return _written(assistant_of(ours), ours.judge, thread, turn.triage.language or language)
    except NoAssistance as error:
        quotes = tuple(Point(each.kind, each.text, "COPIED", (each.message,)) for each in quotes_of(turn, messages))
        return Summary(quotes, quoted=True, refusal=error)


def _written(llm: LLM, judge: Judge | None, thread: _Thread, spoken: str) -> Summary:
    system = SYSTEM.format(language=thread.language, most=MOST_POINTS, mark=thread.mark)
    prompt = Prompt(system, between_marks(thread.mark, passage_blocks(thread.passages)), SCHEMA, thread.language)
    written = completed(llm, prompt).content["points"][:MOST_POINTS]
    said = _judged(judge, thread, written) if judge and written else UNJUDGED
    read = [_read(each, thread, said.of(place), spoken) for place, each in enumerate(written)]
    points = tuple(each for each in read if isinstance(each, Point))
    dropped = tuple(each for each in read if not isinstance(each, Point))
    return Summary(points, dropped, whole=said.answered == (True,) if said.trusted and said.answered else None)


def _judged(judge: Judge, thread: _Thread, written: Sequence[Mapping[str, Any]]) -> Judged:
    """Returns what a judge says of the points as they were written, masked."""
    claims = "\n".join(
        f"C{number} {' '.join(each['text'].split())}\n  rests on: {', '.join(each['cites']) or 'nothing'}"
        for number, each in enumerate(written, 1)
    )
    blocks = {**passage_blocks(thread.passages), "asked": labelled_asks([WHOLE]), "claims": claims}
    system = JUDGE_SYSTEM.format(today=dated(last_day(thread.messages)), mark=thread.mark)
    prompt = Prompt(system, between_marks(thread.mark, blocks), VERDICTS, thread.language)
    return opinion_on(judge, prompt, len(written), 1).judged


def _read(written: Mapping[str, Any], thread: _Thread, opinion: Opinion | None, spoken: str) -> Point | tuple[str, Why]:
    """Returns the point, unmasked, or its text and why it is left out."""
    text = restore(" ".join(written["text"].split()), thread.table)
    if text is None:
        return written["text"], "damaged"
    sources = tuple(_sources(written["cites"], thread))
    if not sources:
        return text, "no_source"
    cited = [each for each in thread.messages if any(source.article == each.id for source in sources)]
    if any(not_carried(text, thread.language, "\n".join(_said(each) for each in cited), spoken)):
        return text, "other_values"
    state = state_of(Sentence(text, sources), opinion)
    if state in ("UNSUPPORTED", "CONTRADICTED"):
        return text, "not_supported"
    return Point(written["kind"], text, state, tuple(cited))


def _said(message: Message) -> str:
    """Returns a message with the day that it was written on: a summary may name it."""
    return f"{message.at:%Y-%m-%d}\n{message.text}" if message.at else message.text


def _sources(cites: Sequence[str], thread: _Thread) -> Iterator[Source]:
    """Yields the lines that are cited; a message that is cited as a whole is all of its lines."""
    ids = {f"P{each.number}": each.id for each in thread.messages}
    for passage in thread.passages:
        for number, line in enumerate(passage.sentences, 1):
            if passage.id in cites or f"{passage.id}.{number}" in cites:
                yield Source(ids[passage.id], restore(line, thread.table) or line)
