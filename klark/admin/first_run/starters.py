"""Policies to begin with. Choosing one saves the next version of the tenant's policy; every other field stays as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from klark.admin.choice_labels import labelled
from klark.models import Actor, AuditAct, Connection, Policy, Topic, policy_in_force, record
from klark.models.policy_versions import give_rules, save_row
from klark.triage.standard_topics import standard_topics
from klark.values.policy.rules import Mode, Rules

PLAIN_TOPICS = ("delivery", "returns", "invoice", "product", "stock", "contact")
"""Standard topics in which a wrong answer costs little, and whose answers stand in articles."""


@dataclass(frozen=True, slots=True)
class Starter:
    """One choice: the mode for all topics but those in `topics`, and whether klark keeps from writing to the helpdesk at all.
    `says` names the topics that the tenant has of these as %(topics)s."""

    title: Any
    says: Any
    mode: Mode
    topics: Mapping[str, Mode] = field(default_factory=dict)
    shadow: bool = False


STARTERS: Mapping[str, Starter] = {
    "watch": Starter(
        _("Watch only"),
        _("klark drafts an answer to each ticket and writes nothing at your helpdesk. You read the drafts here."),
        "note", shadow=True,
    ),
    "note": Starter(
        _("Internal notes"),
        _("klark writes its draft with the sources into an internal note. Your agents copy what they like; no customer sees it."),
        "note",
    ),
    "reply": Starter(
        _("Replies where sure"),
        _("On these topics klark answers by itself where its checks leave no doubt: %(topics)s. All else waits for approval."),
        "queue", dict.fromkeys(PLAIN_TOPICS, "reply"),
    ),
}  # fmt: skip

SHORT: Mapping[Mode, Any] = {
    "off": pgettext_lazy("mode", "off"), "note": pgettext_lazy("mode", "note"), "queue": pgettext_lazy("mode", "queue"),
    "reply": pgettext_lazy("mode", "reply"),
}  # fmt: skip
"""A mode's name without what it does."""
SHADOW: Mapping[bool, Any] = {
    True: _("Shadow mode begins: klark writes nothing at %(accounts)s any more, and only an operator can end that."),
    False: _("Shadow mode ends: klark writes at %(accounts)s again."),
}


def described(key: str, titles: Mapping[str, str]) -> str:
    """Returns what a starter does, with the tenant's topics (`titles_of`) that it lets klark answer by itself."""
    opened = [name for topic, name in titles.items() if topic in STARTERS[key].topics]
    if STARTERS[key].topics and not opened:
        return gettext(
            "Every draft waits for approval: none of your topics is one of the plain ones that klark knows "
            "(delivery, returns, invoices, products, stock, contact). The policy lets you open your own."
        )
    return str(STARTERS[key].says) % {"topics": ", ".join(opened)}


def changes(
    key: str, titles: Mapping[str, str], rules: Rules, accounts: Sequence[Connection], operates: bool
) -> list[str]:
    """Returns what a starter would change of the rules in force and at the helpdesk, in sentences: each topic's mode first."""
    starter = STARTERS[key]
    modes = [(name, rules.mode_of(topic), starter.topics.get(topic, starter.mode)) for topic, name in titles.items()]
    modes.append((gettext("Tickets without a topic"), rules.mode, starter.mode))
    told = [labelled(name, f"{SHORT[now]} → {SHORT[then]}") for name, now, then in modes if now != then]
    if told and starter.topics and rules.autonomy != "off":
        told.append(gettext("Replies must still be earned first, topic by topic: see “Autonomy”."))
    others = [str(each) for each in accounts if each.shadow != starter.shadow]
    if others and (starter.shadow or operates):
        told.append(str(SHADOW[starter.shadow]) % {"accounts": ", ".join(others)})
    return told


def titles_of(tenant_id: int) -> dict[str, str]:
    """Returns the names of the tenant's topics by key, or of those that `choose` would give it."""
    language = get_language() or "en"
    return Topic.titles(tenant_id) or {each.key: each.named(language[:2]) for each in standard_topics()}


def choose(tenant_id: int, key: str, by: Actor, operates: bool) -> Policy:
    """Puts a starter in force and gives a tenant without topics the standard ones; returns the new version.

    A lead may make klark more careful at once; only somebody who `operates` lets it write at the helpdesk again.
    """
    starter = STARTERS[key]
    _give_topics(tenant_id)
    policy = policy_in_force(tenant_id) or Policy(tenant_id=tenant_id)
    policy.mode = starter.mode
    save_row(policy)
    topics = Topic.of(tenant_id).filter(key__in=starter.topics)
    give_rules(policy, [{"topic": topic, "mode": starter.topics[topic.key]} for topic in topics])
    if starter.shadow or operates:
        _set_shadow(tenant_id, starter.shadow, by)
    record(tenant_id, by, AuditAct.POLICY, policy, starter=key)
    return policy


def _give_topics(tenant_id: int) -> None:
    if not Topic.of(tenant_id).exists():
        Topic.objects.bulk_create(
            Topic(
                tenant_id=tenant_id,
                key=each.key,
                name=each.name,
                names=dict(each.names),
                description=each.description,
                words=list(each.words),
            )
            for each in standard_topics()
        )


def _set_shadow(tenant_id: int, shadow: bool, by: Actor) -> None:
    for connection in Connection.of(tenant_id).filter(shadow=not shadow):
        Connection.of(tenant_id).filter(pk=connection.pk).update(shadow=shadow)
        record(tenant_id, by, AuditAct.CONNECTION, connection, fields=["shadow"])
