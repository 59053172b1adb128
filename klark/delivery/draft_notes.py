"""The notes about a draft in klark's queue: that it waits there, or that it hands its ticket to a person, and why."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from klark.delivery.note_layout import sections
from klark.delivery.quoted_sections import nearest_kept
from klark.delivery.render import WORDS
from klark.delivery.rich_text import Rendered, sanitize
from klark.models import Delivery

HAPPENED: Mapping[str, tuple[str, str]] = {
    "rejected": ("klark · {by}: rejected because {why}", "klark · {by}\u00a0: rejeté, car {why}"),
    "handed_over": ("klark · {by}: {why}", "klark · {by}\u00a0: {why}"),
    "waited": (
        "klark: nobody decided on this draft within {why} hours",
        "klark\u00a0: personne n'a statué sur ce brouillon en {why} heures",
    ),
    "topic_closed": (
        "klark: not sent, since this topic may only be answered by notes by now",
        "klark\u00a0: non envoyé, car ce sujet n'est désormais traité que par des notes",
    ),
}
WAITS = ("A draft of a reply waits in klark: ", "Un brouillon de réponse attend dans klark\u00a0: ")


def draft_address(draft_id: int) -> str:
    """Returns the address of a draft's page in klark."""
    return settings.KLARK_URL + reverse("admin:klark_draft_change", args=(draft_id,))


def waiting_note(draft_id: int, language: str) -> Rendered:
    """Returns one line that leads to the draft's page."""
    words, address = WAITS[language.startswith("fr")], draft_address(draft_id)
    return Rendered(sanitize(f'<p>{words}<a href="{address}">{address}</a></p>'), f"{words}{address}")


def note_on_draft(row: Delivery, happened: str, language: str, by: str, why: str) -> Rendered:
    """Returns the note on the draft of a delivery that is not sent. `happened`: a key of HAPPENED; `by`: a login name."""
    title = HAPPENED[happened][language.startswith("fr")].format(by=by, why=" ".join(why.split()) or "—")
    text = row.text if row.kind == Delivery.Kind.REPLY else row.draft.reply_text
    words, address = WORDS.get(language, WORDS["en"]), draft_address(row.draft_id)
    near = nearest_kept(row.draft.record.get("passages", ()))
    links = {address, *(line.rpartition(" ")[2] for line in near if "://" in line)}
    return sections(title, text, {words["nearest"]: near, "klark": [address]}, words[":"], links=links)
