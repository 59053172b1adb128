"""What klark makes of tenants' tickets, in one process: found, drafted, replied, wrong.

    python -m tests.bench.answers --data FOLDER… [--crowd FOLDER…] [--model scripted|none|URL] [--judge scripted|none|URL]
        [--budget N] [--play lies] [--noise P | --profile weak] [--seed N] [--keep FOLDER] [--drafts FILE] [--json]

A FOLDER has articles.jsonl and tickets.jsonl, and for the scripted model replies.jsonl, verdicts.jsonl and lies.jsonl
(klark.demo.recordings). The articles of --crowd (articles.jsonl, or docs.jsonl) stand beside each tenant's own. The database
and the vectors in it are kept in --keep between runs. A URL is asked as KLARK_MODEL_NAME with KLARK_MODEL_KEY. With --play lies
two different errors are played in turn. The judge counts as one that has passed its check.
"""

import argparse
import hashlib
import html
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tests.bench.ready_by_meaning  # noqa: F401  # isort: skip

from django.core.management import call_command
from django.db import connections, transaction

from integrations.helpdesks.base import Ticket
from integrations.http.transports import Outbound
from integrations.llms.base import LLM, ModelAccount
from integrations.llms.openai import OpenAI
from klark import pipeline
from klark.deciding.decide import decide
from klark.delivery.render import reply_text
from klark.demo.model_server import CLAIMS
from klark.demo.recorded_model import Play, RecordedModel
from klark.demo.recordings import load, rows
from klark.drafting.tenant_settings import section_drafter, settings_of, today_in
from klark.intake.skip import Skipping, skip
from klark.knowledge.embedding import embed, embedders
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import EVERY_TENANT, Tenant, within
from klark.runtime.standalone import standalone
from klark.triage.standard_topics import standard_topics
from klark.trial_files import read_article, read_ticket
from klark.values.draft import Judge
from klark.values.own_comments import OwnComments
from klark.values.people import first_name
from klark.values.policy.rules import Rules
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from tests.bench import files
from tests.bench.answered import Ended, figures
from tests.bench.scripted import Scripted

RULES = Rules(
    mode="reply", languages=("fr", "en"), excluded_channels=frozenset({"none"}), country="FR", time_zone="Europe/Paris"
)
LIES_A_TICKET = 2
DOC_CHARACTERS = 1_500
ROOT = Path(__file__).resolve().parents[2]
MAKING = tuple(
    ROOT / "klark" / "knowledge" / f"{name}.py"
    for name in ("chunk", "ingest", "index", "features", "closed_gaps", "embedding", "strip_instructions")
)
"""What decides how articles are kept: once it is changed, they are read anew."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Figures by tenant, and of all tickets together."""
    given = _options(arguments)
    with database(given.keep):
        ended = {folder.name: _tenant(folder, given) for folder in given.data}
    if given.drafts:
        lines = [json.dumps(draft) for name, some in ended.items() for draft in _drafts(name, some)]
        given.drafts.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    pooled = [one for some in ended.values() for one in some]
    lies = given.play == "lies"
    found = {name: figures(some, lies=lies) for name, some in {**ended, "pooled": pooled}.items()}
    files.show(found, [line for name, some in found.items() for line in _lines(name, some)], as_json=given.json)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="tenants' folders")
    parser.add_argument("--crowd", type=Path, nargs="*", default=[], help="folders whose articles stand beside")
    parser.add_argument("--model", default="scripted", help="scripted, none or an address (default: %(default)s)")
    parser.add_argument("--judge", default="scripted", help="scripted, none or an address (default: %(default)s)")
    parser.add_argument("--budget", type=int, default=RULES.source_tokens, help="tokens of articles that a model reads")
    parser.add_argument("--play", choices=("honest", "lies"), default="honest", help="lies: one in each reply")
    parser.add_argument("--noise", type=float, default=0.0, help="share of verdicts that are turned round")
    parser.add_argument("--profile", choices=("even", "weak"), default="even", help="weak: errs in what is hard")
    parser.add_argument("--seed", type=int, default=0, help="which verdicts are turned round")
    parser.add_argument("--keep", type=Path, help="folder of the database; without it nothing stays")
    parser.add_argument("--drafts", type=Path, help="where the signs of each draft go, for scripts/fit_confidence.py")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(arguments)


@contextmanager
def database(keep: Path | None) -> Iterator[None]:
    """klark's own database, in this folder or in one that goes."""
    folder = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="klark-bench-"))
    try:
        with standalone(folder, broker=False):
            call_command("migrate", verbosity=0)
            yield
            for alias in connections:
                connections[alias].close()
                connections[alias].close_pool()
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _tenant(folder: Path, given: argparse.Namespace) -> list[Ended]:
    tenant_id = known_tenant(folder, given.crowd)
    tickets = list(rows(folder / "tickets.jsonl")) or files.refuse(f"{folder}: no tickets.jsonl")
    rules = replace(RULES, source_tokens=given.budget)
    turns = LIES_A_TICKET if given.play == "lies" else 1
    found: list[Ended] = []
    for turn in range(turns):
        play = Play(given.play == "lies", turn, given.noise, given.profile, given.seed)
        scripted = Scripted(RecordedModel(load([folder], CLAIMS), play))
        ours = brief(tenant_id, rules, given.model, given.judge, scripted)
        found += [_ended(dict(row), ours, scripted) for row in tickets]
    return found


def known_tenant(folder: Path, crowd: Sequence[Path]) -> int:
    """A tenant that has learnt these articles, and whose passages have their vectors; the one of an earlier run where there
    is one. Raises BadLine."""
    articles = [*_articles(folder, ""), *(one for each in crowd for one in _articles(each, f"{each.name}-"))]
    made = [path.read_bytes() for path in MAKING] + [repr(one).encode() for one in articles]
    with within(EVERY_TENANT):
        slug = f"{folder.name}-{hashlib.sha256(b''.join(made)).hexdigest()[:12]}"
        tenant, new = Tenant.objects.get_or_create(slug=slug, defaults={"name": folder.name})
    for article in articles if new else ():
        with within(tenant.pk), transaction.atomic():
            ingest(tenant.pk, f"file {article.language}", article)
    for embedder in embedders()[:1]:
        while embed(tenant.pk, embedder):
            pass
    return tenant.pk


def _articles(folder: Path, prefix: str) -> Iterator[NewArticle]:
    for row in rows(folder / "articles.jsonl"):
        yield read_article({**row, "id": f"{prefix}{row['id']}"})
    for row in rows(folder / "docs.jsonl"):
        text = str(row.get("body") or row.get("text") or "")[:DOC_CHARACTERS]
        yield NewArticle(
            f"{prefix}{row['id']}", row.get("title") or "", f"<p>{html.escape(text)}</p>", folder.name[-2:]
        )


def brief(tenant_id: int, rules: Rules, model_name: str, judge_name: str, scripted: Scripted) -> TenantSettings:
    """What a ticket is answered with, by a model and a judge that count as checked."""
    model, judge = _llm(model_name, scripted), _llm(judge_name, scripted)
    drafters = (*((model,) if model else ()), section_drafter())
    ours = replace(
        settings_of(tenant_id), topics=standard_topics(), rules=rules, today=today_in(rules), drafters=drafters
    )
    return replace(ours, judge=Judge(judge, judge_name, trusted=True) if model and judge else None)


def _llm(name: str, scripted: Scripted) -> LLM | None:
    if name == "none":
        return None
    if name == "scripted":
        return scripted
    host = name.partition("//")[2].partition("/")[0]
    key, model = os.environ.get("KLARK_MODEL_KEY", ""), os.environ.get("KLARK_MODEL_NAME", "model")
    return OpenAI(ModelAccount(model, name, key, Outbound(private=(host,))))


def _ended(row: files.Row, ours: TenantSettings, scripted: Scripted) -> Ended:
    """One ticket through klark's own pipeline."""
    scripted.said.clear()
    ticket = read_ticket(row)
    if skipped := skip(ticket, Skipping(rules=ours.rules, wrote=OwnComments(frozenset()).wrote)):
        return Ended(row, "SKIP", str(skipped.reason))
    run = pipeline.think(ticket, ours)
    prompt, decided = run.answer.prompt, run.decided
    page = f"{prompt.system}\n{prompt.user}" if prompt else ""
    served = " ".join(each["text"] for _, content in scripted.drafts for each in content["sentences"])
    return Ended(
        row, decided.kind, str(decided.reason), _text(ticket, run, ours), page, served,
        scripted.lie(), _only_led(run), len(scripted.judged), scripted.unknown(),
        {one.name: one.value for one in run.case.signs} if run.case else {}, run.confidence,
    )  # fmt: skip


def _drafts(name: str, ended: Sequence[Ended]) -> Iterator[dict[str, Any]]:
    """What the confidence is fitted on: the signs of each draft, and whether it is right and may be sent."""
    for one in ended:
        if one.signs:
            sendable = "REPLY" in one.expect["decision_in"] and one.good and not one.lies
            yield {"tenant": name, "signs": dict(one.signs), "confidence": one.confidence, "right": sendable}


def _text(ticket: Ticket, run: RunRecord, ours: TenantSettings) -> str:
    reply, replies = run.answer.reply, run.decided.kind == "REPLY"
    return reply_text(reply, first_name(ticket.requester), ours.rules, replies) if reply else ""


def _only_led(run: RunRecord) -> bool:
    """Whether the reply would go out if agents who lead a ticket made no difference."""
    case = run.case
    if case is None or not case.led_by_person:
        return False
    return decide(replace(case, rules=replace(case.rules, reply_when_led=True))).kind == "REPLY"


def _lines(name: str, some: dict[str, Any]) -> list[str]:
    shares = [(key, some[key], reach) for key, reach in some["intervals"].items() if some[key] is not None]
    lines = [f"{name}: {some['tickets']} tickets, {some['answerable']} answerable, {some['lies']} lies"]
    lines += [f"  {key:16} {share:6.1%}   {reach[0]:.1%} to {reach[1]:.1%}" for key, share, reach in shares]
    more = ("without_sensitive", "lies_by_kind", "reasons", "wrong", "unknown_claims", "draft_words_p95", "tokens_p95")
    return lines + [f"  {key}: {some[key]}" for key in more]


if __name__ == "__main__":
    main()
