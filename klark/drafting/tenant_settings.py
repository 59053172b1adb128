"""What a run needs to know of its tenant, read in one short transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.utils import timezone

from integrations.errors import Refused
from integrations.http.transports import Outbound
from integrations.llms import LLMS
from integrations.llms.base import LLM, Completion, ModelAccount
from klark.autonomy.standing import rungs_of
from klark.connections.circuit_breaker import BreakingLLM
from klark.drafting.budget import REGRESSION, Purse, over_budget
from klark.drafting.caching_llm import CachingLLM
from klark.drafting.fallback import Fallback
from klark.drafting.judge import SYSTEM as JUDGE_SYSTEM
from klark.drafting.judge_qualification import is_trusted
from klark.drafting.kept_policy import policy_now
from klark.drafting.prompt import SYSTEM
from klark.models import KeptCompletion, Policy, policy_in_force, rules_of, sha256, within
from klark.models.draft import MOST_COST, MOST_TOKENS
from klark.runtime.encrypted_secrets import CannotOpen, unseal
from klark.values.draft import Judge
from klark.values.policy.rules import Mode, Rules
from klark.values.storable_text import clip, storable
from klark.values.tenant_settings import TenantSettings

log = structlog.get_logger(__name__)

SECTIONS = "sections"
DRAFT, JUDGE, READER, ASSIST = "draft", "judge", "reader", "assist"
"""What a model is asked for."""
About = tuple[UUID, str] | None
"""A ticket: the id of its connection, and its own; None where no ticket is concerned."""


def section_drafter() -> LLM:
    """Returns the drafter that uses no model: it costs nothing, and quotes whole sections."""
    return LLMS[SECTIONS](ModelAccount(SECTIONS, "", "", Outbound()))


def settings_of(
    tenant_id: int, instruction: str = "", rules: Rules | None = None, attempt: str = "", about: About = None,
    instead: ModelAccount | None = None, purpose: str = "",
) -> TenantSettings:  # fmt: skip
    """Returns the tenant's rules, or those of a trial, and its topics, drafters and judge as they are now.

    `attempt` is "" for the first draft of a turn; with any other value the drafter is called again, whatever it said
    before. Completions are kept as those of the ticket `about`. `instead`: a model to try, alone, in place of the tenant's.
    `purpose`: what all of them are asked for, as the ledger names it, where that is no draft for a person ("": each for its
    own). Opens its own transaction.
    """
    with within(tenant_id):
        kept, stopped = policy_now(tenant_id)
        policy, rules = kept.policy, rules or kept.rules
        model = instead or model_account(policy, rules)
        fallback = None if instead else fallback_account(model, policy, rules)
        judges = _judge_accounts(model, fallback, rules)
        trusted = {each: is_trusted(tenant_id, name_of(each)) for each in judges}
        spent = model is not None and over_budget(tenant_id, rules)
        made_with = _made_with([each for each in (model, fallback, *judges) if each])
        rungs = rungs_of(tenant_id, rules, made_with)
    models = _Models(tenant_id, policy, rules, about)
    writers = [] if spent else [each for each in (model, fallback) if each]
    judge: Judge | None = None
    for each in () if spent else reversed(judges):
        judge = Judge(models.model(each, purpose or JUDGE), name_of(each), trusted[each], judge)
    drafters = _as_one(models.model(each, purpose or DRAFT, attempt) for each in writers)
    return TenantSettings(
        tenant_id, rules, kept.topics, (*drafters, section_drafter()),
        today_in(rules), policy.pk if policy else None, spent, instruction, judge,
        next(iter(_as_one(models.model(each, purpose or READER) for each in writers)), None), model is not None, stopped,
        rungs=rungs, made_with=made_with, first_model=name_of(model) if model else "",
        policy_used=bool(policy and policy.used_at),
        assistant=next(iter(_as_one(models.model(each, purpose or ASSIST) for each in writers)), None),
    )  # fmt: skip


def _as_one(llms: Iterable[LLM]) -> tuple[LLM, ...]:
    """Returns one model that asks each of these where those before it are away; () without any."""
    llms = tuple(llms)
    return (Fallback(llms),) if len(llms) > 1 else llms


def _made_with(models: Iterable[ModelAccount]) -> str:
    """Returns a digest of what drafts are made with: the models and klark's own words to them."""
    return sha256("\n".join([*map(name_of, models), SYSTEM, JUDGE_SYSTEM]))


def rungs_under(tenant_id: int, policy: Policy | None, rules: Rules) -> Mapping[tuple[str, str], Mode] | None:
    """Returns how far klark might go under a policy, saved or not (as `TenantSettings.rungs`). Call inside `within`."""
    model = model_account(policy, rules)
    fallback = fallback_account(model, policy, rules)
    accounts = (model, fallback, *_judge_accounts(model, fallback, rules))
    return rungs_of(tenant_id, rules, _made_with([each for each in accounts if each]))


def today_in(rules: Rules) -> date:
    """Returns today's date where the tenant is."""
    return timezone.now().astimezone(ZoneInfo(rules.time_zone)).date()


def model_account(policy: Policy | None, rules: Rules) -> ModelAccount | None:
    """Returns the tenant's own model, else the operator's; `None` without any."""
    provider, file, dialect = settings.KLARK_MODEL_PROVIDER, settings.KLARK_MODEL_FILE, ""
    url, name, key = settings.KLARK_MODEL_URL, settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_KEY
    if policy and policy.model_name:
        provider, dialect = policy.model_provider, policy.model_dialect
        url, name, key = policy.model_url, policy.model_name, _key(policy, policy.sealed_key)
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


def fallback_account(model: ModelAccount | None, policy: Policy | None, rules: Rules) -> ModelAccount | None:
    """Returns the model that is asked where the first is away: the policy's, else the operator's; `None` without any. A
    tenant with a model of its own has chosen who reads its tickets, so the operator's is not asked."""
    url, name, key = settings.KLARK_FALLBACK_URL, settings.KLARK_FALLBACK_NAME, settings.KLARK_FALLBACK_KEY
    if policy and policy.fallback_name:
        url, name, key = policy.fallback_url, policy.fallback_name, _key(policy, policy.sealed_fallback_key)
    elif policy and policy.model_name:
        return None
    if model is None or not name:
        return None
    price_in = model.price_in if rules.fallback_price_in is None else rules.fallback_price_in
    price_out = model.price_out if rules.fallback_price_out is None else rules.fallback_price_out
    return replace(
        model, provider="openai", model=name, base_url=url, key=key, price_in=price_in, price_out=price_out, dialect="",
        file="",
    )  # fmt: skip


def _judge_accounts(
    model: ModelAccount | None, fallback: ModelAccount | None, rules: Rules
) -> tuple[ModelAccount, ...]:
    """Returns the models that judge, in the order in which they are asked, each once."""
    by_name = {name_of(each): each for each in (judge_account(model, rules), fallback) if each}
    return tuple(by_name.values())


def name_of(account: ModelAccount) -> str:
    """Returns what identifies a model: its server, and its name there; on this machine also its file's name and size.

    Its time is left out, because a copy on a second worker has another: a new file of the same size needs a new name.
    """
    if account.provider != "local":
        return f"{account.base_url or 'api.openai.com'} {account.model}"
    file = Path(account.file)
    size = f"{file.stat().st_size} bytes" if file.is_file() else ""
    return " ".join(dict.fromkeys(part for part in ("this machine", account.model, file.stem, size) if part))


def judge_names(policy: Policy | None) -> tuple[str, ...]:
    """Returns the names of the models that judge a tenant's drafts under its policy, in the order in which they are asked."""
    rules = rules_of(policy)
    model = model_account(policy, rules)
    return tuple(name_of(each) for each in _judge_accounts(model, fallback_account(model, policy, rules), rules))


def has_model(tenant_id: int) -> bool:
    """Returns whether a model writes for the tenant, rather than sections being quoted only. Call inside
    `within(tenant_id)`."""
    return writes(policy_in_force(tenant_id))


def writes(policy: Policy | None) -> bool:
    """Returns the same of what is in force."""
    return model_account(policy, Rules()) is not None  # no rule says whether there is one


def _key(policy: Policy, sealed: str) -> str:
    """Returns a tenant's key for a model; "" if it cannot be unsealed any more: the server's response then says so."""
    try:
        return unseal(sealed).get("key", "")
    except CannotOpen as error:
        log.warning("a model's key cannot be opened", tenant=policy.tenant_id, error=str(error))
        return ""


@dataclass(frozen=True, slots=True)
class _Models:
    """Makes the models of one run: paid from the tenant's budget, and behind its kept completions."""

    tenant_id: int
    policy: Policy | None
    rules: Rules
    about: About

    def model(self, account: ModelAccount, purpose: str, attempt: str = "") -> CachingLLM:
        """Returns a model that is made when it is first asked. Another `purpose` or `attempt` is another request."""
        server = name_of(account)
        purse = Purse(self.tenant_id, self.rules, server, purpose)

        def made() -> LLM:
            if account.provider not in LLMS:
                raise Refused(f"There is no model provider {account.provider!r}.")
            llm = LLMS[account.provider](replace(account, reserve=purse.reserve))
            return BreakingLLM(llm, f"{account.base_url} {account.model} {purpose} {sha256(account.key)}")

        def keep(digest: str, done: Completion) -> None:
            self.keep(digest, done)
            if purpose in (DRAFT, REGRESSION) and llm.dialect not in ("", account.dialect):
                self.keep_dialect(account, llm.dialect)

        llm = CachingLLM(made, self.recall, keep, f"{server}{attempt}", server)
        return llm

    def recall(self, digest: str) -> Completion | None:
        """Returns the completion that is kept under a digest."""
        with within(self.tenant_id):
            row = KeptCompletion.of(self.tenant_id).filter(digest=digest).exclude(content={}).first()
        if row is None:
            return None
        return Completion(
            row.content, row.raw, row.model, row.tokens_in, row.tokens_out, row.cost, seconds=row.seconds, kept=True
        )

    def keep(self, digest: str, done: Completion) -> None:
        """Keeps a completion, whatever a server says of itself and of its tokens; where two workers asked the same at once,
        the first one's."""
        values = {
            "content": storable(done.content), "raw": clip(done.raw, 1_000_000), "model": clip(done.model, 100),
            "tokens_in": min(done.tokens_in, MOST_TOKENS), "tokens_out": min(done.tokens_out, MOST_TOKENS),
            "cost": min(done.cost, MOST_COST), "seconds": done.seconds,
            **dict(zip(("connection_id", "ticket_id"), self.about or (), strict=False)),
        }  # fmt: skip
        with within(self.tenant_id):
            KeptCompletion.objects.get_or_create(tenant_id=self.tenant_id, digest=digest, defaults=values)

    def keep_dialect(self, account: ModelAccount, dialect: str) -> None:
        """Notes the format that the policy's own model accepts."""
        if self.policy and (account.base_url, account.model) == (self.policy.model_url, self.policy.model_name):
            with within(self.tenant_id):
                Policy.of(self.tenant_id).filter(pk=self.policy.pk).update(model_dialect=dialect)
