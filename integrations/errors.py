"""What can go wrong outside klark, named by what to do next.

Every adapter raises these and nothing else; whoever calls an adapter has one `except` per next step.
"""


class IntegrationError(Exception):
    """The root; `str(error)` is one sentence in plain words that a support lead can act on."""


class TryLater(IntegrationError):
    """Nothing happened on the other side: the same request may be sent again, after `after` seconds if that is known."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Refused(IntegrationError):
    """The other side said no, and will say no again until a person changes something."""


class Gone(Refused):
    """The ticket is deleted, merged away or not ours to see: there is nothing left to answer."""


class LookAgain(IntegrationError):
    """The ticket changed since it was read, so the write was not made: read it and decide again."""


class Unsure(IntegrationError):
    """A write was sent and its answer never came: it may have happened. Read back; never just send again."""


class BadSignature(IntegrationError):
    """A webhook that cannot prove where it comes from."""


class BadPayload(IntegrationError):
    """A webhook from the right sender that nobody can read."""
