"""The pages of the folders, sites and documents that knowledge comes from.

Folders are added on the machine (`manage.py knowledge add`), because a path exists only there; public sites and documents on the
page of the first steps (klark.admin.first_run). Here a lead sees their state, and can pause them or withdraw their articles.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power
from klark.admin.base import Act, Pages
from klark.admin.choice_labels import SOURCE_KINDS, trouble_words
from klark.admin.unfold_classes import display
from klark.knowledge.ingest import forget
from klark.models import Article, AuditAct, Source
from klark.sources.kinds import KINDS


def read_now(request: HttpRequest, source: Source) -> str:
    """Requests that a worker read the source, since reading a site takes too long for a page. Returns the sentence to show."""
    Source.of(source.tenant_id).filter(pk=source.pk).update(wanted=True)
    return gettext("A worker reads it now; look again in a minute.")


def pause(request: HttpRequest, source: Source) -> str:
    """Stops the regular reading of a source; its articles stay as they are. Returns the sentence to show."""
    Source.of(source.tenant_id).filter(pk=source.pk).update(active=False)
    return gettext("Paused: its articles stay as they are.")


def resume(request: HttpRequest, source: Source) -> str:
    """Resumes the hourly reading of a source. Returns the sentence to show."""
    Source.of(source.tenant_id).filter(pk=source.pk).update(active=True)
    return gettext("Kept fresh again: it is read within the hour.")


def empty(request: HttpRequest, source: Source) -> str:
    """Withdraws all articles of a source and pauses it, until someone resumes it. Returns the sentence to show."""
    gone = forget(source.tenant_id, source.label, [])
    Source.of(source.tenant_id).filter(pk=source.pk).update(active=False, marks={})
    return gettext("%(count)s articles were withdrawn, and it is paused.") % {"count": gone}


class SourcePages(Pages):
    """Sources, read-only except for the buttons."""

    sees = Power.LEAD
    list_before_template = "klark/add_source.html"
    list_display = (
        "name",
        "kind_shown",
        "place_shown",
        "articles",
        "read_at",
        "left_out",
        "trouble_shown",
        "active",
        "tenant",
    )
    list_filter = ("active", "tenant")
    fields = ("tenant", "name", "kind_shown", "place_shown", "active", ("documents", "changed", "withdrawn"), "read_at",
              "trouble_shown", "left_shown")  # fmt: skip
    readonly_fields = (*fields[:5], "documents", "changed", "withdrawn", "read_at", "trouble_shown", "left_shown")
    acts = (
        Act(
            "read",
            _("Read now"),
            read_now,
            lambda source: source.active and KINDS[source.kind].everywhere,
            _("What changed there is known in a minute rather than within the hour."),
        ),
        Act("pause", _("Pause"), pause, lambda source: source.active, _("It is read no more; its articles stay."),
            audited=AuditAct.SOURCE),
        Act("resume", _("Keep fresh"), resume, lambda source: not source.active, _("It is read each hour."),
            audited=AuditAct.SOURCE),
        Act("empty", _("Withdraw all"), empty, lambda source: True, _("No new draft will rest on any of its articles."),
            audited=AuditAct.SOURCE),
    )  # fmt: skip

    @display(description=_("kind"), ordering="kind")
    def kind_shown(self, source: Source) -> Any:
        """Returns the kind in words."""
        return SOURCE_KINDS.get(source.kind, source.kind)

    @display(description=_("address"), ordering="address")
    def place_shown(self, source: Source) -> str:
        """Returns where it is."""
        return source.place

    @display(description=_("trouble"), ordering="trouble")
    def trouble_shown(self, source: Source) -> str:
        """Returns the trouble, in the user's language if the message is klark's own."""
        return trouble_words(source.trouble) or "—"

    @display(description=_("articles"))
    def articles(self, source: Source) -> int:
        """Returns the number of the source's current articles."""
        return Article.of(source.tenant_id).filter(source=source.label, current=True).count()

    @display(description=_("left out"))
    def left_shown(self, source: Source) -> SafeString | Any:
        """Returns what could not be read, and why."""
        lines = format_html_join(
            "", "<li><strong>{}</strong> {}</li>", ((place, trouble_words(why)) for place, why in source.left)
        )
        return format_html_join("", "<ul>{}</ul>", [(lines,)]) if source.left else "—"
