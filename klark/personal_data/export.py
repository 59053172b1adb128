"""Copies everything that klark keeps of one person into one JSON document."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from klark.models import COMMAND_LINE, Actor, AuditAct, Connection, Tenant, record, within
from klark.personal_data.content import CONTENT
from klark.personal_data.person import Tickets, find_person, rows_of


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
    return {model.__name__: list(rows_of(model, tenant_id, tickets).order_by("pk").values()) for model in CONTENT}
