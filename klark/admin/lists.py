"""Lists that survive odd filters typed into the address: they show the whole list with a message instead of failing."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, transaction
from django.db.models import Model, QuerySet
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from klark.admin.empty_lists import EMPTY, Empty
from klark.admin.unfold_classes import CHECKBOX, ModelAdmin

# Raised for a NUL, a year before 1, a number that no column can hold, and text for a bytes column.
ODD = (DataError, ValueError, OverflowError, TypeError)


def in_lines(subject: str, *below: str, mark: str = "") -> SafeString:
    """Returns a row's subject, after its mark, and what stands below it. On a wide screen each is one line, and whole in its
    title."""
    lines = format_html_join(
        "", '<span class="k-line k-below" title="{}">{}</span>', ((each, each) for each in below if each)
    )
    return format_html('<span class="k-line" title="{}">{}{}</span>{}', subject, mark, subject, lines)


class Lists(ModelAdmin):
    """An admin class that handles invalid filter values. Django checks only that a filter's column exists, not its value."""

    @property
    def empty(self) -> Empty:
        """What the list says while it has no rows."""
        return EMPTY.get(str(self.opts.model_name), Empty())

    def action_checkbox(self, obj: Model) -> SafeString:
        """Returns Unfold's checkbox of a row, without a template for each row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}"{}>', ACTION_CHECKBOX_NAME, obj.pk, flatatt(CHECKBOX)
        )

    action_checkbox.short_description = ""  # type: ignore[attr-defined]  # Django reads it; Unfold heads the column

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        """Returns Django's list, and treats filters that only the database refuses as Django treats invalid ones.

        Raises IncorrectLookupParameters, at which Django shows the list without filters.
        """
        try:
            with transaction.atomic():  # otherwise a failed query would abort the request's own transaction
                return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, *ODD) as error:
            messages.warning(request, _("There is no such filter: the whole list is shown."))
            raise IncorrectLookupParameters(error) from error

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *more: Any, **named: Any
    ) -> HttpResponse | None:
        """Runs an action on the chosen rows. Raises BadRequest, which answers 400, for what no row's id looks like."""
        try:
            with transaction.atomic():
                queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME)).exists()
        except (ValidationError, *ODD) as error:
            raise BadRequest("an id that no row has was chosen for an action") from error
        return super().response_action(request, queryset, *more, **named)
