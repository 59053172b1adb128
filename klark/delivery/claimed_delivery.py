"""A claimed delivery with everything that its write needs."""

from dataclasses import dataclass, replace

from integrations.helpdesks.base import Helpdesk, Write
from klark.connections.open_helpdesk import ready_desk
from klark.delivery.ticket_changes import assignee_of
from klark.models import Claim, Connection, Delivery


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed delivery with everything that its write needs."""

    claim: Claim
    row: Delivery
    connection: Connection
    desk: Helpdesk
    with_group: Write | None = None
    """What `whole` returned, where that is known already."""

    @property
    def write(self) -> Write:
        """The comment and the changes for the ticket, without the group."""
        row = self.row
        named = row.changes.get("status_name", "")
        return Write(
            str(row.marker),
            row.kind == Delivery.Kind.REPLY,
            row.html,
            row.text,
            tuple(row.tags),
            assignee_id=assignee_of(row, self.connection),
            status=None if named else row.changes.get("status"),
            status_name=named,
            priority=row.changes.get("priority"),
            custom_fields=row.changes.get("fields", {}),
        )

    @property
    def tried(self) -> bool:
        """Whether an earlier attempt may have left a comment, whatever the response was."""
        return self.row.sending_at is not None or bool(self.row.trouble) or self.claim.attempts > 1


def load_job(claim: Claim) -> Job:
    """Returns a claimed delivery with its open helpdesk. Raises what adapters raise."""
    row = Delivery.load(claim)
    return Job(claim, row, row.connection, ready_desk(row.connection))


def whole(job: Job) -> Write:
    """Returns the write with its group's id: a number is one already, a name is looked up at the desk; else without a group."""
    if job.with_group is not None:
        return job.with_group
    wanted = job.row.group_id
    known = wanted if wanted.isdecimal() else job.desk.groups().get(wanted) if wanted else None
    return replace(job.write, group_id=known or None)
