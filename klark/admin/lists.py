"""Lists whose address anybody can type: what no column can be compared with shows the whole list and says so."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from klark.admin.look import ModelAdmin

# A NUL, a year before the first, a number that no column holds, words for bytes.
ODD = (DataError, ValueError, OverflowError, TypeError)


class Lists(ModelAdmin):
    """Django asks a column only whether it is there, and leaves what it is compared with to the database."""

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        """Django's own; its way out of odd filters, the list without them, for those that only the database refuses."""
        try:
            with transaction.atomic():  # a query that failed would take the request's own transaction with it
                return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, *ODD) as error:
            messages.warning(request, _("There is no such filter: the whole list is shown."))
            raise IncorrectLookupParameters(error) from error
