"""Tries, as each role of one tenant, to see or change what is another tenant's, at every URL.

    python -m tests.bench.tenants_apart [--count 10000] [--seed 1] [--json]
    {"attempts", "through", "errors_5xx", "urls", "wall_s", "seed"}

Each attempt goes to the next URL of the URL conf, or to the webhooks, as a viewer, agent, lead or operator of one tenant; to
the API, as a program with a token of that tenant that may do everything. By chance it is a GET or a POST (there also a PUT or
DELETE), and its address, query and form name rows of the other tenant, in each of its kinds: buttons, actions, autocomplete and
filters among them. `through`: the answer shows something of the other tenant's, or one of its rows is not as it was. Each, and
each 5xx, is told on standard error with what repeats it: `--seed S --only NUMBER`.
"""

import argparse
import json
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from random import Random
from typing import Any
from urllib.parse import urlencode

import tests.bench.ready  # noqa: F401  # isort: skip

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import URLResolver, get_resolver

from klark.admin import PAGES
from klark.models import (
    EVERY_TENANT,
    Actor,
    ApiToken,
    AuditAct,
    BacktestRun,
    Connection,
    JudgeCheck,
    OutgoingWebhook,
    Owned,
    RegressionRun,
    Source,
    Tenant,
    Upload,
    record,
    within,
)  # fmt: skip
from klark.models.notification import notify
from klark.runtime.encrypted_secrets import seal
from tests.bench.stage import database
from tests.klark.api.program import Program
from tests.klark.companies import Company, company, login

ROLES = ("viewer", "agent", "lead", "operator")
OURS, THEIRS, SLUG = "alder", "zq7birch", "other-tenant"
"""The tenants, and the second one's short name. The second name stands in everything that this tenant has, and in no request."""
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
WEBHOOK, API = "webhooks/<pk>/", "api/v1/"
PRESSED = (
    "approve", "edit", "reject", "reject_silently", "regenerate", "hand_over", "topic", "export", "erase", "sure",
    "post", "_save", "site", "remove", "policy",
)  # fmt: skip
ACTIONS = ("approve_clean", "retry_chosen", "delete_selected")
FILTERS = (
    "tenant", "tenant__id__exact", "connection", "connection__id__exact", "topic", "topic__key", "q", "id__in", "e", "_popup",
)  # fmt: skip
FIELDS = (
    "tenant", "connection", "topic", "policy", "article", "draft", "account", "name", "key", "title", "text", "why", "mode",
    "email", "address", "ticket", "user", "version", "document",
)  # fmt: skip


DIGEST = """
SELECT '{table}', md5(string_agg((to_jsonb(kept) - 'bad_signatures')::text, '|' ORDER BY id::text))
  FROM {table} AS kept WHERE tenant_id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request. `path` has its query."""

    role: str
    method: str
    path: str
    form: Mapping[str, Any]


class Tenants:
    """Two tenants with a row of everything, and a browser for each role of the first."""

    def __init__(self) -> None:
        self.ours, self.theirs = company(OURS), company(THEIRS)
        self.ids = furnished(self.theirs)
        self.every = [one for each in self.ids.values() for one in each]
        self.kinds = [*ContentType.objects.filter(app_label="klark").values_list("pk", flat=True)]
        self.paths = [*sorted(set(paths_of(get_resolver()))), WEBHOOK]
        self.browsers = {role: login(role, (self.ours, role)) for role in ROLES}
        for browser in self.browsers.values():
            browser.raise_request_exception = False
        self.program = Program(self.ours.tenant, per_minute=10**6).client
        self.program.raise_request_exception = False
        self.users = {role: browser.session["_auth_user_id"] for role, browser in self.browsers.items()}
        self.before = self.state()

    def attempt(self, seed: int, number: int) -> Attempt:
        """Returns the attempt of this number."""
        chance = Random(f"{seed}-{number}")
        template = self.paths[number % len(self.paths)]
        path = "/" + PLACE.sub(lambda found: self._value(chance, template, found[1] or found[2]), template).strip("^$")
        query = {name: self._any(chance) for name in chance.sample(FILTERS, chance.choice((0, 0, 1, 2)))}
        if "autocomplete" in template:
            query = {"app_label": "klark", "model_name": chance.choice(("topic", "draft", "policy", "connection", "article")),
                     "field_name": chance.choice(FIELDS[:6]), "term": chance.choice(("", THEIRS[:4]))}  # fmt: skip
        form = {name: self._any(chance) for name in chance.sample(FIELDS, chance.randint(0, 8))}
        form |= {"press": chance.choice(PRESSED), "action": chance.choice(ACTIONS), chance.choice(PRESSED): "on"}
        form |= {"_selected_action": list(map(str, self._of_kind(chance, template)))}
        form |= {"tenant": chance.choice((self.theirs.tenant, SLUG))}
        asked = f"{path}?{urlencode(query)}" if query else path
        methods = ("GET", "POST", "PUT", "DELETE") if template.startswith(API) else ("GET", "POST")
        return Attempt(chance.choice(ROLES), chance.choice(methods), asked, form)

    def _value(self, chance: Random, template: str, name: str) -> str:
        """Returns a value for one place in a path: mostly a row of the kind that the path is about."""
        if name == "name":
            return chance.choice(sorted({act.name for pages in PAGES.values() for act in getattr(pages, "acts", ())}))
        if name in {"app_label", "content_type_id"}:
            return "klark" if name == "app_label" else str(chance.choice(self.kinds))
        return str(chance.choice(self._of_kind(chance, template)))

    def _of_kind(self, chance: Random, template: str) -> Sequence[Any]:
        """Returns the ids of the other tenant's rows that a path is about; now and then those of all kinds."""
        about = next(
            (kind for kind in self.ids if f"/{kind}/" in template), "connection" if template == WEBHOOK else ""
        )
        return self.ids[about] if about and chance.random() < 0.9 else self.every

    def _any(self, chance: Random) -> str:
        return str(chance.choice((*self.every, SLUG, THEIRS[:4], "41", f"customer@{OURS}.example")))

    def made(self, attempt: Attempt) -> tuple[int, str]:
        """Makes an attempt; returns the status, and what went through in words ("" where nothing did)."""
        if attempt.path.startswith("/webhooks/"):
            status = self._webhook(attempt)
            return status, "a webhook was taken" if status < 300 else self.changed()
        if attempt.path.startswith(f"/{API}"):
            answer = self.program.generic(attempt.method, attempt.path, json.dumps(attempt.form), "application/json")
            return self._told(answer)
        browser = self.browsers[attempt.role]
        if browser.session.get("_auth_user_id") != self.users[attempt.role]:  # an attempt before logged it out
            browser.force_login(get_user_model().objects.get(pk=self.users[attempt.role]))
        send = browser.get if attempt.method == "GET" else browser.post
        return self._told(send(attempt.path, attempt.form) if attempt.method == "POST" else send(attempt.path))

    def _told(self, answer: Any) -> tuple[int, str]:
        """Returns an answer's status, and what went through."""
        shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = unescape(shown.decode(errors="replace")) + str(answer.headers)
        return answer.status_code, "it is shown" if THEIRS in told.lower() else self.changed()

    def _webhook(self, attempt: Attempt) -> int:
        """Sends a webhook to the other tenant's address with the own secret."""
        headers = {"x-klark-secret": "old", "x-zendesk-webhook-signature": "old"}
        return (
            Client()
            .post(attempt.path.partition("?")[0], b'{"ticket_id": 7}', "application/json", headers=headers)
            .status_code
        )

    def changed(self) -> str:
        """Returns "a row was changed" if one of the other tenant's rows is not as it was at the last look."""
        before, self.before = self.before, self.state()
        return "" if before == self.before else "a row was changed"

    def state(self) -> Sequence[Any]:
        """Returns a digest of every row of the other tenant's, by table; without the count of webhooks with a bad signature."""
        tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, Owned)]
        with within(EVERY_TENANT), connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(DIGEST.format(table=table) for table in tables), {"id": self.theirs.tenant}
            )
            return cursor.fetchall()


def furnished(whose: Company) -> Mapping[str, Sequence[Any]]:
    """Makes what a company lacks, with a webhook secret and a short name of its own; returns the ids of its rows by kind."""
    own = {"tenant_id": whose.tenant}
    with within(EVERY_TENANT):
        Tenant.objects.filter(pk=whose.tenant).update(slug=SLUG)
        Connection.objects.filter(pk=whose.connection).update(
            sealed=seal({"webhook_secret": "theirs", "token": "theirs"})
        )
        source = Source.objects.create(**own, name=f"{THEIRS}-site", kind="upload", address=f"https://{THEIRS}.example")
        upload = Upload.objects.create(**own, source=source, name=THEIRS, content=b"a", size=1)
        ApiToken.objects.create(**own, name=f"{THEIRS} program", digest=THEIRS, expires_at=datetime.now(UTC))
        OutgoingWebhook.objects.create(**own, name=THEIRS, url=f"https://{THEIRS}.example", kinds=["test"])
        notify(whose.tenant, "test", about=THEIRS)
        JudgeCheck.objects.create(**own, judge=f"{THEIRS} judge", state="done")
        backtest = {"connection_id": whose.connection, "since": datetime.now(UTC), "limit": 1, "state": "failed"}
        BacktestRun.objects.create(**own, **backtest, trouble=THEIRS)
        RegressionRun.objects.create(**own, state="failed", trouble=THEIRS)
        record(whose.tenant, Actor(None, THEIRS), AuditAct.SAW, None, done=THEIRS)
        member = login(f"{THEIRS}-lead", (whose, "lead")).session["_auth_user_id"]
        models = [model for model in PAGES if issubclass(model, Owned)]
        ids = {model._meta.model_name: [*model.of(whose.tenant).values_list("pk", flat=True)] for model in models}
    return {**ids, "user": [member], "tenant": [whose.tenant], "upload": [upload.pk]}


def paths_of(resolver: Any, before: str = "") -> Iterator[str]:
    """Yields the path of each URL, with the places for values as they are written in the URL conf."""
    for each in resolver.url_patterns:
        path = before + str(each.pattern).strip("^$")
        yield from paths_of(each, path) if isinstance(each, URLResolver) else [path]


def run(tenants: Tenants, seed: int, numbers: Sequence[int]) -> Counter[str]:
    """Makes these attempts; returns how many went through, and how many ended in a 5xx."""
    counted: Counter[str] = Counter(through=0, errors_5xx=0)
    for number in numbers:
        attempt = tenants.attempt(seed, number)
        status, why = tenants.made(attempt)
        counted.update({"through": bool(why), "errors_5xx": status >= 500})
        if why or status >= 500:
            told = f"{attempt.role} {attempt.method} {attempt.path} {attempt.form}"[:500]
            print(f"--seed {seed} --only {number}: {status} {why} for {told}", file=sys.stderr)
    return counted


def main() -> int:
    """Tries and prints; returns 1 if anything went through or broke."""
    parser = argparse.ArgumentParser(prog="tests.bench.tenants_apart", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="attempts (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other attempts (default: %(default)s)")
    parser.add_argument("--only", type=int, help="make the attempt of this number alone")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    numbers = range(given.count) if given.only is None else [given.only]
    logging.disable(logging.WARNING)  # of each refusal
    with database():
        setup_test_environment()
        tenants, started = Tenants(), time.monotonic()
        counted = run(tenants, given.seed, numbers)
        wall_s = round(time.monotonic() - started, 1)
    print(
        json.dumps(
            {"attempts": len(numbers), **counted, "urls": len(tenants.paths), "wall_s": wall_s, "seed": given.seed}
        )
    )
    return 1 if any(counted.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
