"""The notes that tell an agent what became of what they asked for by a tag on the ticket."""

from collections.abc import Mapping

from klark.delivery.note_layout import Link, note
from klark.delivery.render import OPEN
from klark.delivery.rich_text import Rendered

TOLD: Mapping[str, tuple[str, str]] = {
    "sent": ("sent at {at}: {by} set {tag}", "envoyé le {at}\u00a0: {by} a mis {tag}"),
    "redo": ("a new draft is being made: {by} set {tag}", "un nouveau brouillon est en cours\u00a0: {by} a mis {tag}"),
    "withdrawn": ("{tag}: not sent, {why}", "{tag}\u00a0: non envoyé, {why}"),
    "parked": (
        "{tag}: not sent yet, a person must look at it in klark",
        "{tag}\u00a0: pas encore envoyé, une personne doit s'en occuper dans klark",
    ),
    "none": (
        "{tag}: nothing was done, no draft of this ticket waits{why}",
        "{tag}\u00a0: rien n'a été fait, aucun brouillon de ce ticket n'attend{why}",
    ),
    "not_allowed": (
        "{tag}: nothing was done, {by} is no agent who may write to customers",
        "{tag}\u00a0: rien n'a été fait, {by} n'est pas un agent qui peut écrire aux clients",
    ),
    "off": (
        "{tag}: nothing was done, the policy does not let agents act from the ticket any more",
        "{tag}\u00a0: rien n'a été fait, la politique ne laisse plus les agents agir depuis le ticket",
    ),
    "unknown": (
        "{tag}: nothing was done, this helpdesk does not tell who set it, and the policy wants to know",
        "{tag}\u00a0: rien n'a été fait, ce helpdesk ne dit pas qui l'a mise, et la politique veut le savoir",
    ),
    "there_before": (
        "{tag}: nothing was done, it was on the ticket before this draft was made",
        "{tag}\u00a0: rien n'a été fait, elle était sur le ticket avant que ce brouillon soit fait",
    ),
    "newer": (
        "{tag}: nothing was done, the draft that waits is newer than the tag: read it, then set the tag again",
        "{tag}\u00a0: rien n'a été fait, le brouillon qui attend est plus récent que l'étiquette\u00a0: lisez-le et remettez-la",
    ),
    "unfit": ("{tag}: nothing was done. {why}", "{tag}\u00a0: rien n'a été fait. {why}"),
}
"""What became of it → words for the agent. A rejection needs none: its handover note says it."""
SOMEONE = ("someone (this helpdesk does not tell who)", "quelqu'un (ce helpdesk ne dit pas qui)")
NO_PERSON = ("who set it (a rule or a mail)", "qui l'a mise (une règle ou un mail)")


def act_note(told: str, language: str, address: str, **words: str) -> Rendered:
    """Returns one line, with a link to the draft's page. `told`: a key of TOLD; `words`: what it needs of by, tag, at, why."""
    line = TOLD[told][language.startswith("fr")].format(**words)
    return note("", lines=[(f"klark · {line} · ", Link(OPEN[language.startswith("fr")], address))])
