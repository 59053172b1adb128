"""Detects mail that a machine wrote: auto-replies, bounces, newsletters. English, French, German, Spanish.

An ordinary customer's ticket must never be dropped. So every sign has a weight, a question or a customer's own concern
raises the threshold, and headers that support mailboxes add by themselves (mailing lists) prove nothing.
"""

from collections.abc import Mapping

from guardrails.text.words import fold
from klark.intake.automatic_mail_patterns import (
    ABSENT,
    ABSENT_MORE,
    AUTO_SAID,
    AUTO_SUBJECT,
    BOUNCE_SUBJECT,
    BOUNCED,
    CONCERN,
    DAEMON,
    DECLARATIONS,
    NEWSLETTER,
    RECEIPT,
    RECEIPT_MORE,
    ROBOT_SENDER,
    Signs,
)
from klark.values.reasons import Reason

READ = 4000
"""Characters of a body that are read."""


def machine(sender: str, subject: str, text: str, headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    """Returns why a comment is a machine's, and the words that show it; `None` for a person's.

    `text` is what the sender wrote, without quotes and signature.
    """
    subject, body = fold(subject).strip(), fold(text[:READ])
    return (
        _bounce(fold(sender), subject, body, headers)
        or _declared(headers)
        or _named(fold(sender))
        or _auto_reply(subject, body)
        or _newsletter(body, headers)
    )


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): str(value).strip().lower() for name, value in headers.items()}


def _declared(headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    """Reads RFC 3834's header, and what mail programs write instead of it."""
    given = _lowered(headers)
    for name, robot in DECLARATIONS:
        value = given.get(name)
        if value is not None and robot.search(value):
            return Reason.AUTO_REPLY, f"{name}: {value}"[:200]
    return None


def _named(sender: str) -> tuple[Reason, str] | None:
    return (Reason.AUTO_REPLY, sender) if ROBOT_SENDER.match(sender) else None


def _bounce(sender: str, subject: str, body: str, headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    given = _lowered(headers)
    if "x-failed-recipients" in given or "report-type=delivery-status" in given.get("content-type", ""):
        return Reason.BOUNCE, "delivery report"
    if DAEMON.match(sender):
        return Reason.BOUNCE, sender
    titled = BOUNCE_SUBJECT.match(subject)
    weight, words = _weigh(BOUNCED, body)
    if titled and weight > _is_concerned(body):
        return Reason.BOUNCE, titled.group()
    return (Reason.BOUNCE, words) if weight >= 3 else None


def _auto_reply(subject: str, body: str) -> tuple[Reason, str] | None:
    titled = AUTO_SUBJECT.match(subject)
    weight, words = max(_pair(body, *signs) for signs in _KINDS)
    concerned = _is_concerned(body)
    if titled and (weight or not concerned):
        return Reason.AUTO_REPLY, titled.group().strip()
    return (Reason.AUTO_REPLY, words) if weight >= (_BAR_WITH_CONCERN if concerned else _BAR) else None


_BAR, _BAR_WITH_CONCERN = 3, 6
_KINDS = ((AUTO_SAID, RECEIPT_MORE), (ABSENT, ABSENT_MORE), (RECEIPT, RECEIPT_MORE))


def _is_concerned(body: str) -> bool:
    return "?" in body or bool(CONCERN.search(body))


def _pair(body: str, main: Signs, more: Signs) -> tuple[int, str]:
    """Returns the weight of the main signs and, if there are any, of the signs that usually go with them."""
    weight, words = _weigh(main, body)
    return (weight + _weigh(more, body)[0], words) if weight else (0, "")


def _newsletter(body: str, headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    weight, words = _weigh(NEWSLETTER, body)
    listed = "list-unsubscribe" in _lowered(headers)
    if weight >= 4 or (listed and weight):
        return Reason.NOT_A_TICKET, words
    return None


def _weigh(signs: Signs, text: str) -> tuple[int, str]:
    """Returns the sum of the weights of the signs found, and the first one's words."""
    found = [(weight, match.group().strip()) for weight, sign in signs if (match := sign.search(text))]
    return sum(weight for weight, _ in found), (found[0][1] if found else "")
