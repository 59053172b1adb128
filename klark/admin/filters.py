"""List filters by the values that occur, shown by their names, with a named choice for rows without a value; where the list
counts, each choice says how many rows it would show."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin as AnyPages
from django.contrib.admin.views.main import ChangeList
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klark.admin.choice_labels import reason_title
from klark.admin.once import once
from klark.models import Topic
from klark.values.wording import language_words

NOTHING = "-"
NO_ROW = "0"
"""A count of nothing, as `CountingList.counts` tells it."""


def topic_names() -> Subquery:
    """Returns a subquery for a row's topic as `Topic` names it; NULL if the tenant has no topic with this key."""
    own = NullIf(KeyTextTransform((get_language() or "")[:2], "names"), Value(""), output_field=CharField())
    found = Topic.objects.filter(tenant=OuterRef("tenant"), key=OuterRef("topic"))
    return Subquery(found.values(title=Coalesce(own, "name"))[:1])


class CountingList(ChangeList):
    """A list that counts for its filters; Django's own counts take a query of its own for each, and read all rows each time."""

    def counts(self, of: "CountedFilter") -> Mapping[str, str]:
        """Returns in figures how many rows each choice of a filter would show, under what the others say; "12+" are at least
        twelve. Subclasses implement it."""
        raise NotImplementedError


class CountedFilter(SimpleListFilter):
    """A filter that says beside each choice how many rows it would show, if its list counts, and leaves out those that would
    show none."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yields "all", and the choices with their counts."""
        every, *others = super().choices(changelist)
        counts = changelist.counts(self) if isinstance(changelist, CountingList) else {}
        yield every
        for (value, title), choice in zip(self.lookup_choices, others, strict=True):
            if counts.get(value) != NO_ROW or choice["selected"]:
                yield {**choice, "display": f"{title} ({counts[value]})"} if value in counts else choice


class Occurring(CountedFilter):
    """A filter by a column's values, as they occur in the user's newest rows: to look at all of them would take longer the
    more there are. `none` is the label for rows without a value; `column` is the one that is named as the filter, unless it
    is given."""

    newest = 500  # few enough for PostgreSQL to read them from the end of the table's key
    none: Any = ""
    column = ""

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns each value with its name, sorted by name; last, the choice for rows without a value."""
        found = occurring(request, model_admin)[type(self)]
        named = sorted(self.named(found - {"", None}).items(), key=lambda pair: pair[1].lower())
        return [*named, *([(NOTHING, self.none)] if "" in found else [])]

    def named(self, values: set[str]) -> dict[str, str]:
        """Returns the name of each value. Subclasses implement it."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Returns the rows with the chosen value."""
        chosen, column = self.value(), self.column or str(self.parameter_name)
        return queryset.filter(**{column: chosen.removeprefix(NOTHING)}) if chosen else queryset


OCCURRING = "occurring"


def occurring(request: HttpRequest, pages: "AnyPages[Any]") -> Mapping[type[Occurring], set[Any]]:
    """Returns the values that each filter of a list offers: one query for all of them, kept with the request."""
    return once(request, OCCURRING, lambda: _occurring(request, pages))


def _occurring(request: HttpRequest, pages: "AnyPages[Any]") -> Mapping[type[Occurring], set[Any]]:
    filters = [
        each for each in pages.get_list_filter(request) if isinstance(each, type) and issubclass(each, Occurring)
    ]
    columns = [each.column or str(each.parameter_name) for each in filters]
    newest = max(each.newest for each in filters)
    rows = list(pages.get_queryset(request).order_by("-pk").values_list(*columns)[:newest])
    return {each: {row[place] for row in rows} for place, each in enumerate(filters)}


class TopicFilter(Occurring):
    """A filter by topic, by its name."""

    title = _("topic")
    parameter_name = "topic"
    none = _("no topic")

    def named(self, values: set[str]) -> dict[str, str]:
        """Returns the topics' names, or the key of a topic that no tenant has any more."""
        names = {each.key: str(each) for each in Topic.objects.filter(key__in=values)}
        return {key: names.get(key, key) for key in values}


class LanguageFilter(Occurring):
    """A filter by language."""

    title = _("language")
    parameter_name = "language"
    none = _("not known")

    def named(self, values: set[str]) -> dict[str, str]:
        """Returns the languages' names in the user's language."""
        return {code: language_words(code, get_language() or "en") for code in values}


class ReasonFilter(Occurring):
    """A filter by a decision's reason."""

    title = _("reason")
    parameter_name = "reason"

    def named(self, values: set[str]) -> dict[str, str]:
        """Returns the reasons in the user's language."""
        return {reason: reason_title(reason) for reason in values}
