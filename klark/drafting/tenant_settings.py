"""What a run needs to know of its tenant, read in one short transaction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from django.utils import timezone

from integrations.errors import Refused
from integrations.http.transports import Outbound
from integrations.llms import LLMS
from integrations.llms.base import LLM, Completion, ModelAccount
from klark.autonomy.standing import rungs_of
from klark.connections.circuit_breaker import BreakingLLM
from klark.drafting.caching_llm import CachingLLM, random_digest
from klark.drafting.judge import SYSTEM as JUDGE_SYSTEM
from klark.drafting.judge_qualification import is_trusted
from klark.drafting.prompt import SYSTEM
from klark.models import KeptCompletion, Policy, Topic, policy_in_force, rules_of, sha256, within
from klark.models.draft import MOST_COST, MOST_TOKENS
from klark.models.measurement import COST, TOKENS, measure
from klark.models.tenant import stopped_topics
from klark.runtime.encrypted_secrets import CannotOpen, unseal
from klark.values.day_start import midnight
from klark.values.draft import Judge
from klark.values.policy import Rules
from klark.values.storable_text import clip, storable
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import TopicWords

log = structlog.get_logger(__name__)

SECTIONS = "sections"
WARN_PERCENT = 80
"""From this percentage of a budget on, people are warned that it will soon be spent."""
DAY_S = 86_400
About = tuple[UUID, str] | None
"""A ticket: the id of its connection, and its own; None where no ticket is concerned."""


def section_drafter() -> LLM:
    """Returns the drafter that uses no model: it costs nothing, and quotes whole sections."""
    return LLMS[SECTIONS](ModelAccount(SECTIONS, "", "", Outbound()))


def settings_of(
    tenant_id: int, instruction: str = "", rules: Rules | None = None, attempt: str = "", about: About = None
) -> TenantSettings:
    """Returns the tenant's rules, or those of a trial, and its topics, drafters and judge as they are now.

    `attempt` is "" for the first draft of a turn; with any other value the drafter is called again, whatever it said
    before. Completions are kept as those of the ticket `about`. Opens its own transaction.
    """
    with within(tenant_id):
        policy = policy_in_force(tenant_id)
        rules = rules or rules_of(policy)
        model = model_account(policy, rules)
        judge = judge_account(model, rules)
        spent = model is not None and over_budget(tenant_id, rules)
        topics = tuple(
            TopicWords(t.key, t.name, t.description, tuple(t.words), tuple(t.examples)) for t in Topic.of(tenant_id)
        )
        trusted = judge is not None and is_trusted(tenant_id, name_of(judge))
        stopped = stopped_topics(tenant_id)
        made_with = _made_with(model, judge)
        rungs = rungs_of(tenant_id, rules, made_with)
    paid = (_remembering(tenant_id, policy, model, about, attempt=attempt),) if model and not spent else ()
    asked = _remembering(tenant_id, policy, judge, about, " judge") if judge and not spent else None
    return TenantSettings(
        tenant_id, rules, topics, (*paid, section_drafter()), today_in(rules), policy.pk if policy else None, spent, instruction,
        Judge(asked, name_of(judge), trusted) if asked and judge else None,
        _remembering(tenant_id, policy, model, about, " reader") if model and not spent else None, model is not None, stopped,
        rungs=rungs, made_with=made_with,
    )  # fmt: skip


def _made_with(model: ModelAccount | None, judge: ModelAccount | None) -> str:
    """Returns a digest of what drafts are made with: the models and klark's own words to them."""
    return sha256("\n".join([*(name_of(each) for each in (model, judge) if each), SYSTEM, JUDGE_SYSTEM]))


def today_in(rules: Rules) -> date:
    """Returns today's date where the tenant is."""
    return timezone.now().astimezone(ZoneInfo(rules.time_zone)).date()


def over_budget(tenant_id: int, rules: Rules) -> bool:
    """Returns whether today's or this month's budget is spent, by the tenant's own calendar. Warns when most of it is.
    Call inside `within(tenant_id)`."""
    today = midnight(timezone.now(), rules.time_zone)
    ceilings = ((rules.budget_day, today), (rules.budget_month, today.replace(day=1)))
    amounts = [(_spent(tenant_id, since), ceiling) for ceiling, since in ceilings if ceiling is not None]
    _warn(tenant_id, today.date(), percent_spent(amounts))
    return any(spent >= ceiling for spent, ceiling in amounts)


def percent_spent(amounts: Iterable[tuple[Decimal, Decimal | None]]) -> int:
    """Returns how much of a budget is spent, as a percentage: the highest of the (spent, budget) pairs; 0 without a
    budget, or with one of 0."""
    return max((int(100 * spent / budget) for spent, budget in amounts if budget), default=0)


def _warn(tenant_id: int, today: date, percent: int) -> None:
    """Logs that most of a budget is spent, once a day in each process."""
    if percent >= WARN_PERCENT and cache.add(f"klark-budget-{tenant_id}-{today}", percent, timeout=DAY_S):
        log.warning("most of a budget for models is spent", tenant=tenant_id, percent=percent)


def _spent(tenant_id: int, since: datetime) -> Decimal:
    """Returns what models cost: every completion, also of drafts that came to nothing."""
    total = KeptCompletion.of(tenant_id).filter(at__gte=since).aggregate(total=Sum("cost"))["total"]
    return total or Decimal(0)


def model_account(policy: Policy | None, rules: Rules) -> ModelAccount | None:
    """Returns the tenant's own model, else the operator's; `None` without any."""
    provider, file, dialect = settings.KLARK_MODEL_PROVIDER, settings.KLARK_MODEL_FILE, ""
    url, name, key = settings.KLARK_MODEL_URL, settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_KEY
    if policy and policy.model_name:
        provider, dialect = policy.model_provider, policy.model_dialect
        url, name, key = policy.model_url, policy.model_name, _key(policy)
    name = name or (Path(file).stem if provider == "local" else "")
    if not name:
        return None
    outbound = Outbound(private=settings.KLARK_PRIVATE_HOSTS)
    return ModelAccount(
        name, url, key, outbound, rules.price_in, rules.price_out, settings.KLARK_MODEL_SECONDS, dialect, file=file,
        provider=provider,
    )  # fmt: skip


def judge_account(model: ModelAccount | None, rules: Rules) -> ModelAccount | None:
    """Returns the judge that the policy names on the model's own server, else the operator's, else the model itself;
    `None` without any model."""
    if model is None:
        return None
    if rules.judge_model and model.provider != "local":  # a model on this machine is one file, whatever its name
        return replace(model, model=rules.judge_model)
    if settings.KLARK_JUDGE_NAME:
        return replace(
            model, provider="openai", model=settings.KLARK_JUDGE_NAME, base_url=settings.KLARK_JUDGE_URL,
            key=settings.KLARK_JUDGE_KEY, dialect="", file="",
        )  # fmt: skip
    return model


def name_of(account: ModelAccount) -> str:
    """Returns what identifies a model: its server, and its name there; on this machine also its file's name and size.

    Its time is left out, because a copy on a second worker has another: a new file of the same size needs a new name.
    """
    if account.provider != "local":
        return f"{account.base_url or 'api.openai.com'} {account.model}"
    file = Path(account.file)
    size = f"{file.stat().st_size} bytes" if file.is_file() else ""
    return " ".join(dict.fromkeys(part for part in ("this machine", account.model, file.stem, size) if part))


def judge_name(policy: Policy | None) -> str:
    """Returns the name of the model that judges a tenant's drafts under its policy; "" if there is none."""
    rules = rules_of(policy)
    judge = judge_account(model_account(policy, rules), rules)
    return name_of(judge) if judge else ""


def has_model(tenant_id: int) -> bool:
    """Returns whether a model writes for the tenant, rather than sections being quoted only. Call inside
    `within(tenant_id)`."""
    policy = policy_in_force(tenant_id)
    return model_account(policy, rules_of(policy)) is not None


def _opened(account: ModelAccount, purpose: str) -> LLM:
    """Returns the model's adapter, with a circuit breaker for each purpose. Raises Refused if the policy names a
    provider that no longer exists."""
    if account.provider not in LLMS:
        raise Refused(f"There is no model provider {account.provider!r}.")
    return BreakingLLM(LLMS[account.provider](account), f"{account.base_url} {account.model}{purpose}")


def _key(policy: Policy) -> str:
    """Returns the tenant's key for its model; "" if it cannot be unsealed any more: the server's response then says so."""
    try:
        return unseal(policy.sealed_key).get("key", "")
    except CannotOpen as error:
        log.warning("a model's key cannot be opened", tenant=policy.tenant_id, error=str(error))
        return ""


def _remembering(
    tenant_id: int, policy: Policy | None, account: ModelAccount, about: About, purpose: str = "", attempt: str = ""
) -> LLM:
    def recall(digest: str) -> Completion | None:
        with within(tenant_id):
            row = KeptCompletion.of(tenant_id).filter(digest=digest).exclude(content={}).first()
        if row is None:
            return None
        return Completion(row.content, row.raw, row.model, row.tokens_in, row.tokens_out, row.cost)

    def keep(digest: str, done: Completion) -> None:
        # The budget is counted from this row: whatever a server says of itself and of its tokens must fit in.
        values = {
            "content": storable(done.content), "raw": clip(done.raw, 1_000_000), "model": clip(done.model, 100),
            "tokens_in": min(done.tokens_in, MOST_TOKENS), "tokens_out": min(done.tokens_out, MOST_TOKENS),
            "cost": min(done.cost, MOST_COST), **dict(zip(("connection_id", "ticket_id"), about or (), strict=False)),
        }  # fmt: skip
        with within(tenant_id):
            measure(TOKENS, done.tokens_in, "in")
            measure(TOKENS, done.tokens_out, "out")
            measure(COST, float(done.cost), rules_of(policy).currency)
            _, fresh = KeptCompletion.objects.get_or_create(tenant_id=tenant_id, digest=digest, defaults=values)
            if not fresh:  # another worker asked the same meanwhile: both requests are billed
                KeptCompletion.objects.create(tenant_id=tenant_id, digest=random_digest(), **values)
            if not purpose and policy and policy.model_name and drafter.dialect not in ("", account.dialect):
                Policy.of(tenant_id).filter(pk=policy.pk).update(model_dialect=drafter.dialect)

    drafter = CachingLLM(lambda: _opened(account, purpose), recall, keep, f"{name_of(account)}{attempt}")
    return drafter
