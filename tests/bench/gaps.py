"""Do articles drafted from agents' answers answer the tickets that come next?

    python -m tests.bench.gaps --data FOLDER… --personal FILE… [--json]

A FOLDER is a tenant: articles, tickets, replies, verdicts and lies (klark.demo.recordings). One article after another is taken
away, in both languages. The recorded replies to half of the tickets that rest on it are kept as what agents answered, with
sentences of --personal (lines `{text,spans,lang}`, as in tests/cases/pii) planted in each; klark drafts the article, it is
accepted unread under the question as its title, and the other half is run without a model. Then the halves change places.

`before`, `after`, `with_the_article`: held-out tickets with a right draft: all facts of their key, nothing false. `found_*`:
all facts stand in the passages found, which is what a model is given. `told_*`: the same of those tickets whose facts stand in
the answers that were kept. `own_after`: of the tickets that it was drafted from; `own_readable`: their facts stand in what a
model may read of the answers. `unexplained`: drafted sentences with a value that no article of
the tenant has or yields. `leaked`: planted spans that stand in a draft. `disagree`: a recorded wrong sentence against the right
one, on two tickets: shown as a dispute, or stated. `written`: a model writes the recorded sentences, one of them wrong, from one
answer: what is kept of both, with the recorded judge and without a judge.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import tests.bench.ready_by_meaning  # noqa: F401  # isort: skip

from django.db import transaction
from django.utils import timezone

from guardrails.base import Sentence, Source
from guardrails.grounding.provenance import trace
from guardrails.pii.mask import mask_all
from integrations.helpdesks.base import Comment, Person, Ticket
from klark import pipeline
from klark.context.ticket_history import keep_history
from klark.demo.model_server import CLAIMS
from klark.demo.recordings import load, rows
from klark.drafting.tenant_settings import section_drafter, settings_of, today_in
from klark.evidence.backtests.backtest import DRAFTED
from klark.gap_articles.agreement import agreement
from klark.gap_articles.answers import answers_to
from klark.gap_articles.drafted import accept, propose
from klark.knowledge.embedding import embed, embedders
from klark.knowledge.gap import AskedTicket, Gap
from klark.knowledge.ingest import withdraw
from klark.live_reads import TRIAL
from klark.models import Article, Connection, DraftedArticle, Passage, within
from klark.triage.standard_topics import standard_topics
from klark.trial_files import read_ticket
from klark.values.own_comments import OwnComments
from klark.values.people import known
from klark.values.tenant_settings import TenantSettings
from tests.bench import files
from tests.bench.answered import ANSWERABLE, holds_all, right
from tests.bench.answers import RULES, database, known_tenant
from tests.bench.gaps_wrong import disputed, written

AGENT = Person("9", "Robin", "", "agent")
PLANTED = 3
"""Personal sentences in each answer."""
SEED = 7
NOT_PERSONAL = frozenset({"LOCATION", "ORGANIZATION", "DATE_TIME", "TITLE", "PREFIX", "DOMAIN_NAME"})
"""Labels of what klark does not mask (docs/figures/masking.md)."""


class Undone(Exception):
    """Ends a trial; nothing of it stays."""


@dataclass
class Figures:
    """Counts by name, and what went wrong in words."""

    counts: Counter[str] = field(default_factory=Counter)
    leaked: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    wrong: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def shown(self) -> dict[str, Any]:
        return {
            **self.counts, "leaked_by_label": dict(self.leaked), "planted_by_label": dict(self.planted),
            "unexplained_values": self.unexplained, "disagree": {kind: dict(some) for kind, some in self.wrong.items()},
        }  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A ticket that articles answer, with its key and a right reply."""

    row: files.Row
    ticket: Ticket
    reply: tuple[str, ...]

    @property
    def about(self) -> tuple[str, str]:
        return self.row["expect"]["article_pair"], self.row["expect"]["lang"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Figures of all tenants together."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="tenants' folders")
    parser.add_argument("--personal", type=Path, nargs="+", required=True, help="files of texts with labelled spans")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    personal = [row for path in given.personal for row in rows(path) if row["spans"]]
    found = Figures()
    with database(None):
        for folder in given.data:
            Tenant(folder, personal, found).measure()
    shown = found.shown()
    files.show(shown, [f"{name}: {value}" for name, value in shown.items()], as_json=given.json)


def _texts(reply: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(each["text"] for each in reply["sentences"])


class Tenant:
    """One tenant, measured article by article."""

    def __init__(self, folder: Path, personal: Sequence[Mapping[str, Any]], found: Figures) -> None:
        self.recordings, self.found = load([folder], CLAIMS), found
        self.lies = list(rows(folder / "lies.jsonl"))
        self.personal, self.draw = personal, random.Random(SEED)
        replies = {str(row["id"]): row for row in rows(folder / "replies.jsonl") if row["answerable"]}
        self.cases = {
            str(row["id"]): Case(dict(row), read_ticket(row), _texts(replies[str(row["id"])]))
            for row in rows(folder / "tickets.jsonl")
            if row["kind"] in ANSWERABLE and row["expect"].get("article_pair") and str(row["id"]) in replies
        }  # fmt: skip
        self.id = known_tenant(folder, [])
        brief = settings_of(self.id)
        self.ours: TenantSettings = replace(
            brief, topics=standard_topics(), rules=RULES, today=today_in(RULES), drafters=(section_drafter(),)
        )

    def measure(self) -> None:
        by_article: dict[tuple[str, str], list[Case]] = defaultdict(list)
        for case in self.cases.values():
            by_article[case.about].append(case)
        for (pair, language), cases in by_article.items():
            for turn in (0, 1) if len(cases) > 1 else ():
                self._undone(pair, language, cases[turn::2], cases[1 - turn :: 2])
        for lie in self.lies:
            if str(lie["id"]) in self.cases:
                case = self.cases[str(lie["id"])]
                self.found.wrong[lie["kind"]].update(disputed(case.reply, lie, case.about[1]))
                self.found.counts.update(written(self.id, self.ours, case.reply, lie, self.recordings, case.about[1]))

    def _undone(self, pair: str, language: str, known_: Sequence[Case], held_out: Sequence[Case]) -> None:
        self.found.counts["gaps"] += 1
        said = " ".join(text for case in known_ for text in case.reply)
        told = [holds_all(said, case.row["expect"]) for case in held_out]
        self._run("with_the_article", held_out, told)
        try:
            with within(self.id), transaction.atomic():
                withdraw(self.id, Article.of(self.id).filter(key__regex=f"(^|-){pair}-(fr|en)$"))
                self._run("before", held_out, told)
                self._drafted(language, known_)
                self._run("after", held_out, told)
                self._run("own_after", known_, [True] * len(known_))
                raise Undone
        except Undone:
            return

    def _run(self, name: str, cases: Sequence[Case], told: Sequence[bool]) -> None:
        for case, is_told in zip(cases, told, strict=True):
            run = pipeline.think(case.ticket, self.ours)
            text = run.answer.reply.text if run.answer.reply and run.decided.kind in DRAFTED else ""
            page = " ".join(line for each in run.found for line in (each.title, *each.lines))
            good, found = right(text, case.row["expect"]), holds_all(page, case.row["expect"])
            self.found.counts.update({f"{name}_of": 1, name: good, f"found_{name}": found})
            self.found.counts.update({f"told_{name}_of": is_told, f"told_{name}": good and is_told})
            self.found.counts[f"told_found_{name}"] += found and is_told

    def _drafted(self, language: str, cases: Sequence[Case]) -> None:
        account = Connection.objects.create(tenant_id=self.id, helpdesk="zendesk", account="acme", sealed="")
        planted: list[tuple[str, str]] = []
        for case in cases:
            planted += self._answered(account, case, language)
        gap = self._gap(account, cases, language)
        row = propose(self.id, gap, "bench")
        row.title = (row.asked or [gap.question])[0]
        self.found.counts["drafts_without_a_sentence"] += not row.sentences
        self._checked(row, planted, language)
        answers = answers_to(self.id, {(account.pk, case.ticket.id) for case in cases}, row.title, language, row.brand)
        legible = " ".join(text for each in agreement(answers.read, language).readable for text in each.sentences)
        self.found.counts["own_readable"] += sum(holds_all(legible, case.row["expect"]) for case in cases)
        if accept(row, "bench"):
            while embed(self.id, embedders()[0]):
                pass

    def _answered(self, account: Connection, case: Case, language: str) -> list[tuple[str, str]]:
        """Keeps the recorded reply as an agent's, with personal sentences; returns those spans, each with its label."""
        same = [row for row in self.personal if row.get("lang", "en") == language]
        some = self.draw.sample(same, min(PLANTED, len(same)))
        lines = [*case.reply, *(" ".join(each["text"].split()) for each in some)]
        said = Comment("r", AGENT, "", "\n".join(lines), public=True, from_customer=False, created_at=timezone.now())
        requester = replace(case.ticket.requester, id=f"r-{case.ticket.id}")
        ticket = replace(case.ticket, requester=requester, comments=(*case.ticket.comments, said), status="solved")
        keep_history(account, ticket, OwnComments(frozenset()))
        spans = [
            (span["label"], " ".join(each["text"][span["start"] : span["end"]].split()))
            for each in some
            for span in each["spans"]
        ]
        own = [("REQUESTER", case.ticket.requester.name), ("REQUESTER", case.ticket.requester.email)]
        return [(label, text) for label, text in (*spans, *own) if text]

    def _gap(self, account: Connection, cases: Sequence[Case], language: str) -> Gap:
        asked = []
        for place, case in enumerate(cases):
            wanted = TRIAL.triage(case.ticket, self.ours).asks or (case.ticket.subject,)
            (question, *_), _table = mask_all(wanted, known(case.ticket))
            at = timezone.now() - timedelta(minutes=place)
            asked.append(AskedTicket(account.pk, case.ticket.id, place, question, at))
        return Gap("", language, asked[0].question, len(asked), 0, asked[0].at, tuple(asked[:5]), tuple(asked))

    def _checked(self, row: DraftedArticle, planted: Sequence[tuple[str, str]], language: str) -> None:
        counts = self.found.counts
        texts = [each["text"] for each in row.sentences]
        counts["sentences"] += len(texts)
        counts["sentences_of_two_tickets"] += sum(len(each["tickets"]) > 1 for each in row.sentences)
        counts["false_disputes"] += sum(each["why"] == "disagree" for each in row.left_out)
        whole = " ".join([row.title, *row.asked, *texts]).casefold()
        for label, text in planted:
            kind = "not masked by rule" if label in NOT_PERSONAL else label
            self.found.planted[kind] += 1
            self.found.leaked[kind] += text.casefold() in whole
        parts = Passage.of(self.id).filter(article__key__endswith=f"-{language}")
        sources = tuple(Source("", line) for part in parts for line in (part.title, *part.sentences))
        for text in texts:
            lost = [
                one.text
                for one in trace(Sentence(text, sources), "", language, None)
                if one.origin in ("none", "refuted")
            ]
            counts["unexplained"] += bool(lost)
            self.found.unexplained += [f"{lost}: {text}"] if lost else []


if __name__ == "__main__":
    main()
