"""Two shops in klark's database: one that replies, with a second account that only watches, and one that only leaves notes.

Run by tests.faults.stage.launcher, in a process of klark's. Writes what the bench must know as JSON to the file that it is told.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from klark.drafting.judge_qualification import WHICH
from klark.knowledge.embedding import embed_all
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import EVERY_TENANT, Connection, JudgeCheck, Policy, Tenant, within
from klark.runtime.encrypted_secrets import seal
from tests.faults.stage.shop import ACCOUNTS, article

TOKENS = {"zendesk": "klark@example.com/token:sandbox-token", "freshdesk": "sandbox-key"}
POLICIES: Mapping[str, Mapping[str, Any]] = {
    "acme": {"mode": "reply", "runs_per_ticket": 100}, "globex": {"mode": "note", "runs_per_ticket": 3},
}  # fmt: skip
OWN_ID = "9001"


def seed(told: Mapping[str, Any]) -> None:
    """Migrates the database and sets everything up. `told`: desks (addresses), secret, judge, login, password, out."""
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser(told["login"], "referee@klark.example", told["password"])
    tenants = {slug: tenant(slug, told["judge"]) for slug in POLICIES}
    rows = {name: connection(tenants[slug], name, desk, told["desks"][name], told["secret"], shadow=shadow)
            for name, slug, desk, shadow in ACCOUNTS}  # fmt: skip
    embed_all()
    Path(told["out"]).write_text(json.dumps({"tenants": tenants, "connections": rows}))


def tenant(slug: str, judge: str) -> int:
    """Returns the id of a new tenant with an article and a judge that has passed its check."""
    with within(EVERY_TENANT):
        row = Tenant.objects.create(slug=slug, name=slug.capitalize())
        Policy.objects.create(tenant=row, version=1, minimum_confidence=0, runs_per_requester=1000, **POLICIES[slug])
        JudgeCheck.objects.create(
            tenant_id=row.pk, judge=judge, version=WHICH, wrong=100, caught=100, right=100, passed=100
        )
    with within(row.pk):
        ingest(row.pk, "manual", NewArticle("delivery", "Delivery abroad", article(slug), language="en"))
    return row.pk


def connection(tenant_id: int, name: str, desk: str, address: str, secret: str, *, shadow: bool) -> str:
    """Returns the id of a connection to a stand-in, without a catch-up read until one is asked for."""
    now = timezone.now().replace(microsecond=0)  # as helpdesks tell times
    with within(tenant_id):
        row = Connection.objects.create(
            tenant_id=tenant_id, helpdesk=desk, account=f"{name}.freshdesk.com" if desk == "freshdesk" else name,
            sealed=seal({"token": TOKENS[desk], "webhook_secret": secret}), own_user_id=OWN_ID, shadow=shadow,
            address=f"{address}/{desk}", start_mark=now, catch_up_at=now + timedelta(days=365),
        )  # fmt: skip
    return str(row.pk)
