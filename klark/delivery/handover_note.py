"""The note that hands a ticket to a person although there is a draft: what happened, and the draft ready to copy."""

from collections.abc import Mapping

from klark.delivery.render import WORDS, sections
from klark.delivery.rich_text import Rendered
from klark.models import Delivery

HAPPENED: Mapping[str, tuple[str, str]] = {
    "rejected": ("klark · {by}: rejected because {why}", "klark · {by}\u00a0: rejeté, car {why}"),
    "handed_over": ("klark · {by}: {why}", "klark · {by}\u00a0: {why}"),
}


def note_on_draft(row: Delivery, happened: str, language: str, by: str, why: str) -> Rendered:
    """Returns the note on the draft of a delivery that is not sent. `happened`: a key of HAPPENED; `by`: a login name."""
    title = HAPPENED[happened][language.startswith("fr")].format(by=by, why=" ".join(why.split()) or "—")
    text = row.text if row.kind == Delivery.Kind.REPLY else row.draft.reply_text
    return sections(title, text, {}, WORDS.get(language, WORDS["en"])[":"])
