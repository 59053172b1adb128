"""What an audited act was about, by the name that the other pages have for it: a policy's version, a topic, an account."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klark.admin.choice_labels import labelled
from klark.admin.operations.stopping import Titles, stop_words
from klark.models import AuditAct, AuditEntry, Stop, Topic
from klark.values.wording import language_words

BY_NAME = frozenset({
    "apitoken", "article", "connection", "outgoingwebhook", "source", "standing", "tenant", "topic", "user",
})  # fmt: skip
"""Kinds of rows that have a name; the others are told by their number, which stands in their page's address."""
OF_TICKETS = frozenset({"draft", "decision", "delivery", "webhookevent"})
READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(OF_TICKETS, lambda rows: rows.only("ticket_id")),
    "article": lambda rows: rows.defer("body_html"),
    "stop": lambda rows: rows.select_related("tenant", "connection"),
}
"""What is read of such rows, where that is not just all of each."""


class AuditList(ChangeList):
    """A page of the list, with the rows that its entries are about, read at once."""

    def get_results(self, request: HttpRequest) -> None:
        """Reads the page."""
        super().get_results(request)
        rows, titles = rows_of(self.result_list), cache(Topic.titles)
        for entry in self.result_list:
            entry.found, entry.titles = rows.get((entry.kind, entry.row)), titles


def rows_of(entries: Iterable[AuditEntry]) -> Mapping[tuple[str, str], Any]:
    """Returns the rows that entries are about, by kind and number, as far as they are still there."""
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.kind in (*BY_NAME, *OF_TICKETS, "policy", "stop"):
            keys[entry.kind].add(entry.row)
    models = {model._meta.model_name: model._default_manager.all() for model in apps.get_models()}
    found = {kind: READ[kind](models[kind]) if kind in READ else models[kind] for kind in keys}
    return {(kind, str(pk)): row for kind, rows in found.items() for pk, row in rows.in_bulk(keys[kind]).items()}


def about_words(entry: AuditEntry, row: Any, content: Mapping[str, Any], titles: Titles = Topic.titles) -> str:
    """Returns what an entry is about. `row`: None where it is gone or is told by its number."""
    kinds = {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}
    kind = capfirst(str(kinds.get(entry.kind, entry.kind)))
    if entry.act == AuditAct.STOPPED and entry.tenant and content.get("topic"):
        return stop_words(Stop(tenant=entry.tenant, topic=content["topic"]), titles)
    if row is None:
        return f"{kind} {entry.row}" if entry.kind else "—"
    if entry.kind == "policy":
        return _("%(tenant)s, policy version %(version)d") % {"tenant": entry.tenant, "version": row.version}
    if entry.kind in OF_TICKETS:
        return f"{kind} {entry.row} · #{row.ticket_id}"
    if entry.kind == "stop":
        return stop_words(row, titles)
    return labelled(kind, _standing(row, titles) if entry.kind == "standing" else row)


def _standing(row: Any, titles: Titles) -> str:
    topic = titles(row.tenant_id).get(row.topic, row.topic) or _("no topic")
    return f"{topic} · {language_words(row.language, get_language() or 'en')}"
