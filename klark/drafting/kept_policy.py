"""A tenant's policy and topics, read anew only when one of their rows has changed: each run needs them, and people seldom
change them."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from django.db import connection

from klark.models import Policy, Topic, policy_in_force, rules_of, within
from klark.values.policy.rules import Rules
from klark.values.triage import Bound, TopicWords

MONEY = (
    "budget_day", "budget_month", "compare_percent", "regression_percent", "price_in", "price_out", "fallback_price_in",
    "fallback_price_out", "currency", "time_zone",
)  # fmt: skip
"""The fields of a policy that what is spent is counted by."""
# A row's place and the transaction that wrote it change with every UPDATE:
# https://www.postgresql.org/docs/current/ddl-system-columns.html
VERSIONS = """
WITH newest AS (
    SELECT id, concat(id, ctid, xmin) AS state FROM klark_policy
     WHERE tenant_id = %(tenant)s ORDER BY version DESC LIMIT 1)
SELECT concat((SELECT state FROM newest), '/',
              (SELECT string_agg(concat(id, ctid, xmin), ' ' ORDER BY id) FROM klark_topicrule
                WHERE tenant_id = %(tenant)s AND policy_id = (SELECT id FROM newest)), '/',
              (SELECT string_agg(concat(id, ctid, xmin), ' ' ORDER BY id) FROM klark_topic WHERE tenant_id = %(tenant)s)),
       ARRAY(SELECT topic FROM klark_stop WHERE tenant_id = %(tenant)s AND released_at IS NULL AND topic <> '')
"""


@dataclass(frozen=True)
class KeptPolicy:
    """The policy in force, its rules, and the tenant's topics. Nobody changes the row."""

    policy: Policy | None
    topics: tuple[TopicWords, ...]

    @cached_property
    def rules(self) -> Rules:
        """The policy's rules. Read inside `within(tenant_id)`."""
        return rules_of(self.policy)


_KEPT: dict[int, tuple[str, KeptPolicy]] = {}


def policy_now(tenant_id: int) -> tuple[KeptPolicy, frozenset[str]]:
    """Returns what is in force, and the keys of the topics that a person has stopped. Call inside `within(tenant_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, {"tenant": tenant_id})
        versions, stopped = cursor.fetchone()
    kept = _KEPT.get(tenant_id)
    if kept is None or kept[0] != versions:
        kept = _KEPT[tenant_id] = versions, _read(tenant_id)
    return kept[1], frozenset(stopped)


def paid_as_now(tenant_id: int, rules: Rules) -> Rules:
    """Returns rules that are tried out, with the budgets and prices in force: they neither pay less nor may spend more. Opens its
    own transaction."""
    with within(tenant_id):
        now = policy_now(tenant_id)[0].rules
    return replace(rules, **{name: getattr(now, name) for name in MONEY})


def _read(tenant_id: int) -> KeptPolicy:
    return KeptPolicy(policy_in_force(tenant_id), tuple(map(_words, Topic.of(tenant_id))))


def _words(topic: Topic) -> TopicWords:
    lists = tuple(topic.words), tuple(topic.examples), tuple(topic.names.items())
    limits = cast("tuple[Bound, Bound]", (topic.priority, topic.highest_priority))
    return TopicWords(topic.key, topic.name, topic.description, *lists, *limits)
