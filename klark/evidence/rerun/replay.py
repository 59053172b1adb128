"""Runs a draft's ticket through the pipeline again, from what its record keeps: as it was, or with something changed.

The pipeline is the one that answers customers. No helpdesk is opened, and unless models or articles of today are asked, the
database refuses every statement while it runs.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, NoReturn

from django.db import connection

from guardrails.pii.known import Known
from guardrails.triage.classify import Vectors
from integrations.crm.base import Fact
from integrations.errors import TryLater
from integrations.helpdesks.base import Ticket
from integrations.llms.base import BudgetSpent, ModelAccount
from klark.autonomy.standing import rungs_of
from klark.context.colleagues import cited
from klark.context.customer_facts import as_found
from klark.drafting.exchanges import overheard, without_models
from klark.drafting.kept_policy import paid_as_now, policy_now
from klark.drafting.tenant_settings import settings_of
from klark.evidence.rerun.older_knowledge import NotKept, as_of
from klark.evidence.rerun.playback import NotRecorded, drafters_of, judge_of, reader_of
from klark.evidence.trial_run import run_trial
from klark.knowledge.embedding import topic_vectors
from klark.models import Decision, Draft, rules_of, within
from klark.models.event import CORRECTION
from klark.models.evidence.measurement import not_counted
from klark.retrieval.retrieve import retrieve
from klark.triage.model import vectors
from klark.triage.priority import as_corrected, bounded
from klark.triage.triage import triage
from klark.values.draft import Exchange
from klark.values.own_comments import OwnComments
from klark.values.passages import FoundArticle, Retrieved, found_again
from klark.values.people import known
from klark.values.policy.rules import Rules
from klark.values.recalled_tickets import Memory
from klark.values.revived import revived
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import TopicWords, Triage, digest_of_topics

Models = Literal["recorded", "none", "now"]
Knowledge = Literal["recorded", "now"] | datetime


class CannotReplay(Exception):
    """Raised for a draft that cannot be run again; the message says why."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is other than it was. `prompt`: what the drafter is told ("": klark's own words). `account`: the model that is asked
    now, in place of the tenant's. `knowledge`: a moment stands for the same articles as they were then. `purpose`: what models
    of now are asked for, as the ledger names it."""

    rules: Rules | None = None
    prompt: str = ""
    models: Models = "recorded"
    knowledge: Knowledge = "recorded"
    account: ModelAccount | None = None
    purpose: str = ""


AS_IT_WAS = Changes()


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with its decision, the rules that this was made under, and the tenant's topics of now."""

    draft: Draft
    decision: Decision
    rules: Rules
    topics: tuple[TopicWords, ...]

    @property
    def record(self) -> Mapping[str, Any]:
        """What the draft was made of."""
        record: Mapping[str, Any] = self.draft.record
        return record

    @property
    def ticket(self) -> Ticket:
        """The ticket as it was read."""
        return ticket_of(self.record["ticket"], self.draft.ticket_id)

    @property
    def others(self) -> tuple[Known, ...]:
        """Who is masked besides those on the ticket: the people of the one that it follows up."""
        return tuple(revived(Known, each) for each in self.record["settings"]["people"])

    @property
    def same_topics(self) -> bool:
        """Whether the tenant's topics are those of then."""
        return bool(digest_of_topics(self.topics) == self.record["settings"]["topics"])


def ticket_of(recorded: Mapping[str, Any], ticket_id: str) -> Ticket:
    """Returns a ticket as it was read. That it was read from a helpdesk counts where it names no channel."""
    return replace(revived(Ticket, recorded), raw={"id": ticket_id})


def kept(tenant_id: int, draft_id: int) -> Kept:
    """Returns what is kept of a draft. Raises CannotReplay. Opens its own transaction."""
    with within(tenant_id):
        draft = Draft.of(tenant_id).filter(pk=draft_id).first()
        if draft is None:
            raise CannotReplay(f"There is no draft {draft_id} here: it was never made, or its time is over.")
        if not draft.record:
            raise CannotReplay(
                f"What draft {draft_id} was made of was deleted, because its time was over or because somebody asked for it."
            )
        if draft.turn.startswith(f"{CORRECTION}:"):
            raise CannotReplay(
                f"Draft {draft_id} corrects an answer: it was made of that answer, and not of the ticket."
            )
        decision = draft.decisions.select_related("policy", "event").order_by("pk").first()
        if decision is None or "settings" not in draft.record:
            raise CannotReplay(f"Draft {draft_id} was made by a klark that did not keep what it takes to run it again.")
        topics = policy_now(tenant_id)[0].topics
        rules = replace(rules_of(decision.policy), topics=draft.record["settings"]["modes"])
        return Kept(draft, decision, rules, topics)


def replayed(one: Kept, changes: Changes = AS_IT_WAS, heard: list[Exchange] | None = None) -> tuple[RunRecord, Rules]:
    """Returns what comes of the ticket, and the rules that it was decided under; what models are asked is added to `heard`.
    Raises NotRecorded where the run comes to something that the recorded one did not, and BudgetSpent."""
    ticket = one.ticket
    rules = (changes.rules or one.rules).for_brand(ticket.brand_id)
    ours, older = _settings(one, rules, changes), _older(one, rules, changes.knowledge)
    ours = ours if heard is None else overheard(ours, heard)
    with ExitStack() as shut:
        if changes.models != "now":
            shut.enter_context(not_counted())
            refuse: Any = _only_read if changes.knowledge == "now" else _refuse
            shut.enter_context(connection.execute_wrapper(refuse))
        return run_trial(ticket, ours, Recorded(one, changes.knowledge, older)), rules


def _older(one: Kept, rules: Rules, at: Knowledge) -> tuple[FoundArticle, ...]:
    """Returns the articles of another moment, if it is one. Raises CannotReplay."""
    if not isinstance(at, datetime):
        return ()
    rows = [each for each in one.record["passages"] if not each["personal"] and not each["answered"]]
    try:
        with within(one.draft.tenant_id):
            return as_of(one.draft.tenant_id, rows, at, rules.source_tokens)
    except NotKept as error:
        raise CannotReplay(str(error)) from error


def _refuse(*_: object) -> NoReturn:
    raise RuntimeError("a replay asks the database nothing")


def _only_read(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    if not sql.lstrip(" \n(").upper().startswith(("SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK")):
        raise RuntimeError("a replay writes nothing to the database")
    return execute(sql, *rest)


def _settings(one: Kept, rules: Rules, changes: Changes) -> TenantSettings:
    told, record = one.record["settings"], one.record
    ours = TenantSettings(
        one.draft.tenant_id, rules, one.topics, drafters_of(record), date.fromisoformat(told["today"]),
        budget_spent=told["budget_spent"], instruction=one.draft.instruction, judge=judge_of(record),
        reader=reader_of(record, strict=one.same_topics), has_model=told["has_model"],
        stopped_topics=frozenset(told["stopped"]), rungs=_rungs(one, rules), first_model=told["first_model"],
        prompt=changes.prompt,
    )  # fmt: skip
    if changes.models == "none":
        return without_models(ours)
    return _asked_now(ours, one, changes) if changes.models == "now" else ours


def _asked_now(ours: TenantSettings, one: Kept, changes: Changes) -> TenantSettings:
    """Returns the settings with the models of today, at the prices and on the budget in force. What they say is kept, so that a
    repeated replay is not billed twice."""
    paid = paid_as_now(ours.tenant_id, ours.rules)
    about = (one.draft.connection_id, one.draft.ticket_id)
    now = settings_of(ours.tenant_id, rules=paid, about=about, instead=changes.account, purpose=changes.purpose)
    if now.budget_spent:
        raise BudgetSpent
    return replace(
        ours, drafters=now.drafters, judge=now.judge, reader=now.reader, has_model=now.has_model, budget_spent=False,
        first_model=now.first_model,
    )  # fmt: skip


def _rungs(one: Kept, rules: Rules) -> Mapping[tuple[str, str], Any] | None:
    """Returns what had been earned then; under rules that only now ask for it, what has been earned since."""
    then = one.record["settings"]["rungs"]
    if rules.autonomy == "off":
        return None
    if then is not None:
        return {(topic, language): mode for topic, language, mode in then}
    with within(one.draft.tenant_id):
        return rungs_of(one.draft.tenant_id, rules, "")


@dataclass(frozen=True, slots=True)
class Recorded:
    """Gives each step what it read then; the passages of now, or the `older` ones, if `knowledge` says so."""

    one: Kept
    knowledge: Knowledge
    older: tuple[FoundArticle, ...]

    may_wait = False

    @property
    def own_comments(self) -> OwnComments:
        """What klark itself had written on the ticket."""
        told = self.one.record["settings"]
        return OwnComments(frozenset(told["own_ids"]), frozenset(told["own_comments"]))

    def triage(self, ticket: Ticket, ours: TenantSettings) -> Triage:
        """Reads the ticket again, in the language and with the priority that a reviewer had named, or else as urgent as its topic
        let it be. Where the tenant's topics are others now, the ticket keeps the one that it had."""
        rules, then = ours.rules, self.one.record["triage"]
        spoken = then["language"] if then.get("language_corrected") else ""
        read: Vectors = _silent(then["trouble"]) if then["trouble"] else vectors
        topics = ours.topics if self.one.same_topics else ()
        seen = triage(ticket, topics, read, rules.languages, rules.dial, topic_vectors, spoken)
        seen = seen if self.one.same_topics else replace(seen, topic=then["topic"])
        bounds = then.get("lowest_priority", ""), then.get("highest_priority", "")
        seen = bounded(seen, ticket.priority or "normal", *bounds)
        return as_corrected(seen, then["priority"] if then.get("priority_corrected") else None)

    def before(self, ticket: Ticket, _: Rules) -> tuple[str, tuple[Known, ...]]:
        """Returns the ticket that this one follows up, and the people on both."""
        return self.one.record["earlier"], (*known(ticket), *self.one.others)

    def memory(self, *_: object) -> Memory:
        """Returns what was recalled."""
        return revived(Memory, self.one.record["memory"])

    def passages(self, ticket: Ticket, seen: Triage, ours: TenantSettings, people: Sequence[Known]) -> Retrieved:
        """Returns the passages that were found."""
        if self.knowledge == "now":
            return retrieve(ticket, seen, ours, people)
        recorded = self.knowledge == "recorded"
        found = found_of(self.one.record["passages"]) if recorded else self.older
        return Retrieved(found, self.one.record["case"]["by_meaning"])

    def own_sources(
        self, _: Ticket, ours: TenantSettings, recalled: Memory, language: str | None
    ) -> tuple[tuple[Fact, ...], tuple[FoundArticle, ...]]:
        """Returns the facts that were known, and what colleagues had answered by then."""
        record = self.one.record
        if self.knowledge != "now" and not record["answer"]["system"]:
            raise NotRecorded(
                "passages", "It would be drafted now, and then it was not: --knowledge now looks for passages."
            )
        facts = tuple(revived(Fact, each) for each in record["card"]) if ours.rules.crm else ()
        at = datetime.fromisoformat(record["settings"]["at"])
        return facts, (*as_found(facts, language or "en"), *cited(ours.rules, recalled.alike, language, at))


def _silent(why: str) -> Vectors:
    def read(_: Sequence[str]) -> NoReturn:
        raise TryLater(why)

    return read


def found_of(passages: Sequence[Mapping[str, Any]]) -> tuple[FoundArticle, ...]:
    """Returns the articles' passages of a record; customer facts and colleagues' answers are made anew."""
    return tuple(found_again(each) for each in passages if not each["personal"] and not each["answered"])
