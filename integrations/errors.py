"""The errors of everything outside klark, named by what to do next.

Every adapter raises these and nothing else, so that a caller has one `except` per next step.
"""


class IntegrationError(Exception):
    """The base class; `str(error)` is one plain sentence that a support lead can act on."""


class TryLater(IntegrationError):
    """Nothing changed on the other side: the same request may be sent again, after `after` seconds if that is known."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class NoAnswer(TryLater):
    """The other side took the request, and no answer came, or none in time. Nothing changed there, but a model may have
    generated, and billed, a part of it: the same request is likely to go the same way."""


class Refused(IntegrationError):
    """The other side refused, and will refuse again until a person changes something."""


class Invalid(Refused):
    """The other side refused what the request says, and made none of it. A request that says less may be taken."""


class Gone(Refused):
    """The ticket is deleted, merged away or not visible to klark: there is nothing left to answer."""


class LookAgain(IntegrationError):
    """The ticket changed since it was read, so the write was not made: read it and decide again."""


class Unsure(IntegrationError):
    """A write was sent and its response never came: it may have happened. Read back; never just send it again."""


class BadSignature(IntegrationError):
    """A webhook whose sender is not proven."""


class BadPayload(IntegrationError):
    """A webhook from the right sender that cannot be parsed."""
