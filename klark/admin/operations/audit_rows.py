"""What an audited act was about, by the name that the other pages have for it: a policy's version, a topic, an account."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klark.admin.choice_labels import labelled
from klark.admin.operations.stopping import stop_words
from klark.models import AuditAct, AuditEntry, Stop, Topic
from klark.values.wording import language_words

BY_NAME = frozenset({
    "apitoken", "article", "connection", "outgoingwebhook", "source", "standing", "tenant", "topic", "user",
})  # fmt: skip
"""Kinds of rows that have a name; the others are told by their number, which stands in their page's address."""
OF_TICKETS = frozenset({"draft", "decision", "delivery", "webhookevent"})


class AuditList(ChangeList):
    """A page of the list, with the rows that its entries are about, read at once."""

    def get_results(self, request: HttpRequest) -> None:
        """Reads the page."""
        super().get_results(request)
        rows = rows_of(self.result_list)
        for entry in self.result_list:
            entry.found = rows.get((entry.kind, entry.row))


def rows_of(entries: Iterable[AuditEntry]) -> Mapping[tuple[str, str], Any]:
    """Returns the rows that entries are about, by kind and number, as far as they are still there."""
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.kind in (*BY_NAME, *OF_TICKETS, "policy", "stop"):
            keys[entry.kind].add(entry.row)
    models = {model._meta.model_name: model._default_manager.all() for model in apps.get_models()}
    found = {kind: models[kind].only("ticket_id") if kind in OF_TICKETS else models[kind] for kind in keys}
    return {(kind, str(pk)): row for kind, rows in found.items() for pk, row in rows.in_bulk(keys[kind]).items()}


def about_words(entry: AuditEntry, row: Any, content: Mapping[str, Any]) -> str:
    """Returns what an entry is about. `row`: None where it is gone or is told by its number."""
    kinds = {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}
    kind = capfirst(str(kinds.get(entry.kind, entry.kind)))
    if entry.act == AuditAct.STOPPED and entry.tenant and content.get("topic"):
        return stop_words(Stop(tenant=entry.tenant, topic=content["topic"]))
    if row is None:
        return f"{kind} {entry.row}" if entry.kind else "—"
    if entry.kind == "policy":
        return _("%(tenant)s, policy version %(version)d") % {"tenant": entry.tenant, "version": row.version}
    if entry.kind in OF_TICKETS:
        return f"{kind} {entry.row} · #{row.ticket_id}"
    if entry.kind == "stop":
        return stop_words(row)
    return labelled(kind, _standing(row) if entry.kind == "standing" else row)


def _standing(row: Any) -> str:
    topic, language = Topic.of(row.tenant_id).filter(key=row.topic).first(), get_language() or "en"
    return f"{topic or row.topic or _('no topic')} · {language_words(row.language, language)}"
