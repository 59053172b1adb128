"""Whose text a reply has: klark's as it was drafted, or a person's, whose approval of it was taken back or could not be sent."""

from klark.delivery.rich_text import render_text
from klark.models import AuditAct, AuditDetail, Delivery, Draft, sha256


def drafted_text(draft: Draft) -> str:
    """Returns the reply as klark drafted it, in plain text. The delivery's may be of an edit whose approval was taken back."""
    return render_text(draft.reply_text).text


def is_as_drafted(draft: Draft, text: str) -> bool:
    """Returns whether a reply says what klark drafted, in its lines."""
    return lines(text) == lines(drafted_text(draft))


def changed_by(row: Delivery) -> str:
    """Returns the name of who first sent a reply with this text, which is not klark's; "" if that was not recorded. Call inside
    `within(tenant_id)`."""
    acts = AuditDetail.of(row.tenant_id).filter(entry__kind=Draft._meta.model_name, entry__row=str(row.draft_id))
    sent = acts.filter(entry__act__in=(AuditAct.EDITED, AuditAct.ADDED), content__text=sha256(row.text))
    return sent.order_by("entry__number").values_list("entry__who", flat=True).first() or ""


def lines(text: str) -> list[str]:
    """Returns the lines with their blanks collapsed: moving a line break is an edit, since paragraphs and lists are the
    reviewer's choice."""
    return [" ".join(line.split()) for line in text.strip().splitlines()]
