"""Tickets, triages and model answers for the tests of the steps: everybody in them is invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from guardrails.base import Finding, Level, Reply, Verdict
from integrations.helpdesks.base import Comment, Person, Ticket
from integrations.llms.base import LLM, Completion, ModelAccount, Prompt, Unusable
from klark.drafting.draft import read
from klark.drafting.prompt import DraftRequest, drafting, material
from klark.models.ticket.staleness import readers
from klark.values.decision import Case, Decided
from klark.values.draft import DraftAnswer
from klark.values.passages import FoundArticle, Section
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.triage import Triage

CAMILLE = Person("501", "Camille Durand", "camille.durand@example.org", "customer")
ALEX = Person("9002", "Alex Agent", "alex.agent@example.com", "agent")
KLARK = Person("9001", "klark", "klark@example.com", "agent")
TONI = Person("777", "Toni Thirdparty", "toni@partner.example", "customer")
RULE = Person("-1", "System", "", "agent")


def comment(number: int, author: Person = CAMILLE, text: str = "Hello", public: bool = True, **more: Any) -> Comment:
    return Comment(
        str(number), author, f"<p>{text}</p>", text, public, author.role == "customer", **more
    )  # fmt: skip


def ticket(*comments: Comment, **more: Any) -> Ticket:
    values = {"subject": "Delivery", "requester": CAMILLE, "status": "open", **more}
    return Ticket(id="7", comments=comments or (comment(1),), **values)


TODAY = date(2026, 11, 25)
READERS = readers(ticket())
"""Who gets a reply on it, as a delivery keeps it."""
TRIAGE = Triage(
    language="en", topic="delivery", priority="normal", mood="calm", sensitive=(),
    asks=("How long does delivery to Belgium take?",), asks_for_human=False, injection=False,
    text="How long does delivery to Belgium take?",
)  # fmt: skip


def triage(**changes: Any) -> Triage:
    return replace(TRIAGE, **changes)


def verdict(level: Level | None = None, why: str = "a number is not in the source") -> Verdict:
    """One sentence with at most one finding."""
    findings = (Finding("klark.G160", level, why, 0, "5"),) if level else ()
    return Verdict(findings, ("SUPPORTED",))


def found(number: int = 1, *sentences: str, **more: Any) -> FoundArticle:
    said = sentences or ("Delivery to Belgium takes 3 to 5 working days.", "Delivery to France takes 2 working days.")
    values = {"title": "Delivery times", "url": "https://help.example.com/delivery", "language": "en", **more}
    return FoundArticle(number, f"article-{number}", 1, sections=(Section("", said, 1.0),), score=1.0, **values)


def completion(*sentences: tuple[str, Sequence[str]], answerable: bool = True, **more: Any) -> Completion:
    said = [{"text": text, "cites": list(cites)} for text, cites in sentences]
    return Completion({"answerable": answerable, "sentences": said}, "{…}", "invented-model", 100, 20, **more)


def asked(*shelf: FoundArticle, **more: Any) -> DraftRequest:
    """What is asked of a drafter: Camille's question on delivery, beside these articles."""
    values = {
        "text": TRIAGE.text, "asks": (), "language": "en", "found": shelf or (found(),), "known": (), "secret": "secret",
        "turn": "7/1", "today": TODAY, **more,
    }  # fmt: skip
    return DraftRequest(**values)


def prompt_of(one: DraftRequest) -> Prompt:
    """What a drafter reads."""
    return drafting(material(one))


def read_as(said: Completion, one: DraftRequest) -> DraftAnswer:
    """What comes of a drafter's answer."""
    given = material(one)
    return read(said, drafting(given), one, given)


def noted(reply: Reply, verdict_: Verdict, words: str = "", sure: float | None = None, **more: Any) -> RunRecord:
    """A run that ended in a note with this draft."""
    case = Case(TRIAGE, Rules(), confidence=sure)
    values = {"answer": DraftAnswer("all", reply), "verdict": verdict_, "case": case, **more}
    return RunRecord(values.pop("triage", TRIAGE), Decided("NOTE", Reason.NOTE_BY_POLICY, words), **values)


@dataclass(frozen=True)
class Charged:
    """A model whose answers are charged to its account, as an adapter charges them."""

    account: ModelAccount
    llm: LLM

    @property
    def dialect(self) -> str:
        return self.llm.dialect

    def complete(self, prompt: Prompt) -> Completion:
        try:
            done = self.llm.complete(prompt)
        except Unusable as error:
            self.account.reserve(error.cost).settle(error.tokens_in, error.tokens_out, error.cost)
            raise
        self.account.reserve(done.cost).settle(done.tokens_in, done.tokens_out, done.cost)
        return done


@dataclass
class Drafter:
    """A drafter that answers what it was given, or raises it."""

    answer: Completion | Exception
    asked: list[Prompt] = field(default_factory=list)
    dialect: str = ""

    def complete(self, prompt: Prompt) -> Completion:
        self.asked.append(prompt)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer
