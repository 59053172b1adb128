"""The named points at which faults strike: statements and requests of klark's, at each of their moments."""

from collections.abc import Iterator

from tests.faults.stage.switchboard import Moment, Point, Process, Way

STATEMENTS: tuple[tuple[Process, str, str], ...] = (
    ("web", "the look for the connection", r'FROM "klark_connection"'),
    ("web", "the INSERT of the event", r"INSERT INTO klark_webhookevent"),
    ("worker", "the INSERT of a change that was read", r"INSERT INTO klark_webhookevent"),
    ("worker", "the cursor of the changes", r'UPDATE "klark_connection" SET "cursor"'),
    ("worker", "the claim of the event", r"UPDATE klark_webhookevent AS work"),
    ("worker", "the read of the policy", r'SELECT .*FROM "klark_policy"'),
    ("worker", "the count of a request", r"FROM klark_budget .* FOR UPDATE"),
    ("worker", "the INSERT of the history", r'INSERT INTO "klark_pastticket"'),
    ("worker", "the INSERT of the completion", r'INSERT INTO "klark_keptcompletion"'),
    ("worker", "the end of the event", r"""UPDATE "klark_webhookevent" SET .*"state" = 'done'"""),
    ("worker", "the INSERT of the draft", r'INSERT INTO "klark_draft"'),
    ("worker", "the INSERT of the delivery", r'INSERT INTO "klark_delivery"'),
    ("worker", "the INSERT of the decision", r'INSERT INTO "klark_decision"'),
    ("worker", "the claim of the delivery", r"UPDATE klark_delivery AS work"),
    ("worker", "the step to sending", r"""UPDATE "klark_delivery" SET "state" = 'sending'"""),
    ("worker", "the record of the write", r"""UPDATE "klark_delivery" SET .*"state" = 'sent'"""),
    ("worker", "the audit of the write", r'INSERT INTO "klark_auditentry"'),
)
"""Each is a point before and after it."""
COMMITS = (
    "the INSERT of the event", "the cursor of the changes", "the INSERT of the completion", "the INSERT of the decision",
    "the step to sending", "the record of the write",
)  # fmt: skip
"""Those whose transaction's COMMIT is a point, too, before and after. (A claim is a transaction by itself.)"""
REQUESTS: tuple[tuple[Process, Way, str, str], ...] = (
    ("web", "door", "the webhook", r"^POST /webhooks/"),
    ("worker", "helpdesk", "the read of the ticket", r"^GET /\w+/api/v2/tickets/\d+(\.json)?[? ]"),
    ("worker", "helpdesk", "the read of the comments", r"^GET /\w+/api/v2/tickets/\d+/(comments|conversations)"),
    ("worker", "helpdesk", "the write", r"^(PUT /zendesk|POST /freshdesk)/api/v2/tickets/\d+(\.json|/reply|/notes)"),
    ("worker", "helpdesk", "the read of the changes", r"^GET /(zendesk/api/v2/incremental|freshdesk/api/v2/tickets\?)"),
    ("worker", "model", "the draft", r'^POST [^{]*completions(?s:.*)"sentences'),
    ("worker", "model", "the judge", r'^POST [^{]*completions(?s:.*)"verdicts'),
    ("worker", "model", "the embedding", r"^POST [^{]*embeddings"),
)
"""Each is a point before, when sent, and after."""
MOMENTS: tuple[Moment, ...] = ("before", "sent", "after")


def _points() -> Iterator[Point]:
    for process, name, pattern in STATEMENTS:
        for moment in ("before", "after"):
            yield Point(f"{moment} {name}", process, "database", pattern, moment)
            if name in COMMITS:
                yield Point(f"{moment} the COMMIT of {name}", process, "database", pattern, moment, commit=True)
    for process, way, name, pattern in REQUESTS:
        for moment in MOMENTS:
            yield Point(f"{moment if moment != 'sent' else 'in the middle of'} {name}", process, way, pattern, moment)


POINTS: tuple[Point, ...] = tuple(_points())
BY_NAME = {point.name: point for point in POINTS}
