"""What set-up found and did at a helpdesk, in sentences for people."""

from dataclasses import dataclass

from django.conf import settings

HIDDEN = "…"
WHERE = (
    "The secret is not shown here: put one of your own into “webhook secret”, save, and copy that one; or run "
    "manage.py connect, which prints it. Then set up again."
)


@dataclass(frozen=True, slots=True)
class Rung:
    """What became of a test event; the fields are those of Report."""

    told: str = ""
    arrived: bool | None = None
    sent: bool = True


NOT_RUNG = Rung()


@dataclass(frozen=True, slots=True)
class Report:
    """What set-up found and did, in sentences for people. If anything is `missing`, nothing was changed. `by_hand`
    contains the webhook `secret`. `arrived`: whether the test event came (`None`: none was sent); `sent`, `told`:
    whether it was, and the reply."""

    who: str
    missing: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    by_hand: str = ""
    arrived: bool | None = None
    told: str = ""
    sent: bool = True
    secret: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.missing or self.by_hand) and self.arrived is not False

    def lines(self) -> list[str]:
        """Returns the report as lines for a terminal or a page."""
        said = [f"klark is {self.who} there.", *(f"Missing: {each}" for each in self.missing)]
        said += [f"Note: {each}" for each in self.cautions]
        said += [f"- {each}" for each in self.done] or ([] if self.missing or self.by_hand else ["Nothing to change."])
        return [*said, *([self.by_hand] if self.by_hand else []), *_arrival(self)]

    def kept(self) -> str:
        """Returns the text that is stored and shown later, without the secret: that is stored sealed, and never shown."""
        told = "\n".join(self.lines())
        return f"{told.replace(self.secret, HIDDEN)}\n{WHERE}" if self.secret and self.secret in told else told


def _arrival(report: Report) -> list[str]:
    if report.arrived is None:
        return []
    told = f" {report.told}." if report.told else ""
    if report.arrived:
        return [f"The test event arrived.{told}"]
    if not report.sent:
        return [f"No test event could be sent:{told} Write a ticket there, and see it come: manage.py connections."]
    return [
        f"The test event did not arrive.{told} Can the helpdesk reach {settings.KLARK_URL}/health/live from outside?"
    ]
