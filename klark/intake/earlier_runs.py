"""What klark has already done for a ticket and its requester, from the database."""

from typing import Any
from uuid import UUID

from django.db import connection

from klark.models.delivery import OPEN
from klark.values.own_comments import History

MOST = 100
"""How many of the newest earlier decisions are searched for a language or priority that a reviewer has named."""
CORRECTED = """(
    SELECT {said}
      FROM (SELECT draft_id FROM klark_decision
             WHERE tenant_id = %(tenant)s AND connection_id = %(connection)s
               AND {column} = %({name})s AND {column} <> ''
             ORDER BY decided_at DESC LIMIT %(most)s) lately
      JOIN klark_correction said ON said.draft_id = lately.draft_id AND said.what = '{what}'
       AND said.by_reviewer AND said.was <> said.now
     ORDER BY said.at DESC, said.id DESC LIMIT 1)"""
PRIORITY_THEN = """(
      SELECT CASE WHEN record #>> '{triage,priority}' <> said.was THEN said.was ELSE record #>> '{ticket,priority}' END
        FROM klark_draft WHERE id = said.draft_id)"""
"""The helpdesk's priority when a reviewer named another: the one noted since the draft, or else the one that it was made with."""
HISTORY = f"""
WITH runs AS NOT MATERIALIZED (
    SELECT ticket_id, requester_id FROM klark_decision
     WHERE tenant_id = %(tenant)s AND connection_id = %(connection)s AND (kind <> 'SKIP' OR draft_id IS NOT NULL)
       AND decided_at >= statement_timestamp() - interval '1 day'),
    writes AS NOT MATERIALIZED (
    SELECT state FROM klark_delivery
     WHERE tenant_id = %(tenant)s AND connection_id = %(connection)s AND ticket_id = %(ticket)s)
SELECT ARRAY(SELECT turn FROM klark_draft
              WHERE tenant_id = %(tenant)s AND connection_id = %(connection)s AND ticket_id = %(ticket)s AND live),
       (SELECT count(*) FROM runs WHERE ticket_id = %(ticket)s),
       (SELECT count(*) FROM runs WHERE requester_id = %(requester)s AND requester_id <> ''),
       EXISTS (SELECT FROM writes), EXISTS (SELECT FROM writes WHERE state = ANY(%(open)s)),
       {CORRECTED.format(said="said.now", what="language", column="ticket_id", name="ticket")},
       {CORRECTED.format(said="said.now", what="language", column="requester_id", name="requester")},
       {CORRECTED.format(said="said.now", what="priority", column="ticket_id", name="ticket")},
       {CORRECTED.format(said=PRIORITY_THEN, what="priority", column="ticket_id", name="ticket")}
"""  # noqa: S608  # of constants


def history(tenant_id: int, connection_id: UUID, ticket_id: str, requester_id: str) -> History:
    """Returns the turns that have a live draft, how many runs the last day had, whether a write was made or is open, and which
    language and priority a reviewer has named. Call inside `within(tenant_id)`."""
    about: dict[str, Any] = {
        "tenant": tenant_id, "connection": connection_id, "ticket": ticket_id, "requester": requester_id,
        "open": [*OPEN], "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, about)
        turns, *rest = cursor.fetchone()
    return History(frozenset(turns), *rest)
