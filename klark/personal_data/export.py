"""Copies everything that klark keeps of one person into one JSON document."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from klark.models import COMMAND_LINE, Actor, AuditAct, Connection, DraftedArticle, Tenant, record, within
from klark.personal_data.content import CONTENT
from klark.personal_data.person import Tickets, drafted_from, find_person, rests_on, rows_of


def export(tenant: Tenant, address: str, by: Actor = COMMAND_LINE) -> str:
    """Returns JSON: {"tenant", "requester", "tickets": [{"account", "ticket", "asked_by_them", "rows": {table: [row]}}]}.

    Who hands it over looks first at the tickets that are not their own: they are somebody else's.
    """
    with within(tenant.pk):
        person = find_person(tenant.pk, address)
        accounts = {row.pk: str(row) for row in Connection.of(tenant.pk)}
        tickets = [
            {"account": accounts[place[0]], "ticket": place[1], "asked_by_them": place in person.own,
             "rows": _rows(tenant.pk, Tickets({place}))}
            for place in sorted(person.tickets, key=str)
        ]  # fmt: skip
        record(tenant.pk, by, AuditAct.EXPORTED, tickets=len(tickets))
    told = {"tenant": tenant.slug, "requester": person.address, "tickets": tickets}
    return json.dumps(told, cls=_Encoder, ensure_ascii=False, indent=2)


class _Encoder(DjangoJSONEncoder):
    """Writes a webhook's bytes as text as well."""

    def default(self, o: Any) -> Any:
        """Returns what stands for a value that JSON does not know."""
        return bytes(o).decode(errors="replace") if isinstance(o, bytes | memoryview) else super().default(o)


def _rows(tenant_id: int, tickets: Tickets) -> dict[str, list[dict[str, Any]]]:
    kept = {model.__name__: list(rows_of(model, tenant_id, tickets).order_by("pk").values()) for model in CONTENT}
    return {**kept, DraftedArticle.__name__: _articles(tenant_id, tickets)}


def _articles(tenant_id: int, tickets: Tickets) -> list[dict[str, Any]]:
    """Returns what drafted articles have of these tickets, and the wordings, of which nobody knows whose they are."""
    return [
        {
            "id": row.pk, "made_at": row.made_at, "title": row.title, "asked": row.asked,
            "said": [
                each["text"] for each in (*row.sentences, *row.left_out) if rests_on(each.get("tickets", ()), tickets)
            ],
        }
        for row in drafted_from(DraftedArticle.of(tenant_id).order_by("pk"), tickets)
    ]  # fmt: skip
