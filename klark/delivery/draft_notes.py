"""The notes about a draft in klark's queue: that it waits there, or that it hands its ticket to a person, and why."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from integrations.helpdesks import HELPDESKS
from klark.delivery.note_layout import Line, Link, note
from klark.delivery.quoted_sections import nearest_kept
from klark.delivery.render import OPEN, where_to_look
from klark.delivery.rich_text import Rendered
from klark.delivery.whose_text import changed_by, is_as_drafted
from klark.models import Delivery
from klark.values.policy.rules import Rules

HAPPENED: Mapping[str, tuple[str, str]] = {
    "rejected": ("klark · {by}: rejected because {why}", "klark · {by}\u00a0: rejeté, car {why}"),
    "handed_over": (
        "klark · handed over to a person by {by}: {why}",
        "klark · remis à une personne par {by}\u00a0: {why}",
    ),
    "waited": (
        "klark: nobody decided on this draft within {why} hours",
        "klark\u00a0: personne n'a statué sur ce brouillon en {why} heures",
    ),
    "topic_closed": (
        "klark: not sent, since this topic may only be answered by notes by now",
        "klark\u00a0: non envoyé, car ce sujet n'est désormais traité que par des notes",
    ),
}
WAITS = ("klark · a draft of a reply waits", "klark · un brouillon de réponse attend")

CHANGED = (
    "Changed by {by}: not klark's draft any more.",
    "Modifié par {by}\u00a0: ce n'est plus le brouillon de klark.",
)
SOMEONE = ("someone", "quelqu'un")

TAGS = ("Tags: {send} sends it · {redo} has it drafted anew · {reject} rejects it",
        "Étiquettes\u00a0: {send} l'envoie · {redo} le fait refaire · {reject} le rejette")  # fmt: skip


def draft_address(draft_id: int) -> str:
    """Returns the address of a draft's page in klark."""
    return settings.KLARK_URL + reverse("admin:klark_draft_change", args=(draft_id,))


def waiting_note(row: Delivery, rules: Rules) -> Rendered:
    """Returns one line that leads to the draft's page; where an agent may act from the ticket, the draft and the tags, too."""
    french = rules.language.startswith("fr")
    page = Link(OPEN[french], draft_address(row.draft_id))
    acts = rules.ticket_acts == "all" or (rules.ticket_acts == "known" and HELPDESKS[row.connection.helpdesk].tells_who)
    if not acts:
        return note("", lines=[(f"{WAITS[french]} · ", page)])
    lines: list[Line] = [(f"{TAGS[french].format(**rules.act_tags)} · ", page)]
    return note(WAITS[french], row.text, lines, before=_changed(row, french))


def note_on_draft(row: Delivery, happened: str, language: str, by: str, why: str) -> Rendered:
    """Returns the note on the draft of a delivery that is not sent. `happened`: a key of HAPPENED; `by`: a login name."""
    title = HAPPENED[happened][language.startswith("fr")].format(by=by, why=" ".join(why.split()) or "—")
    text = row.text if row.kind == Delivery.Kind.REPLY else row.draft.reply_text
    near = nearest_kept(row.draft.record.get("passages", ()))
    lines = [where_to_look("nearest", near, draft_address(row.draft_id), language)]
    return note(title, text, lines, before=_changed(row, language.startswith("fr")))


def _changed(row: Delivery, french: bool) -> str:
    """Returns whose text a reply has by now; "" if it is as klark drafted it."""
    if row.kind != Delivery.Kind.REPLY or is_as_drafted(row.draft, row.text):
        return ""
    return CHANGED[french].format(by=changed_by(row) or SOMEONE[french])
