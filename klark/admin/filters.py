"""Filters by what occurs: in words, and without an empty line for rows that have nothing there."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin as AnyPages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klark.models import Topic
from klark.values.labels import language_words

NOTHING = "-"


def topic_names() -> Subquery:
    """The name of a row's topic, in the tenant's words; null where the tenant has none of this key."""
    return Subquery(Topic.objects.filter(tenant=OuterRef("tenant"), key=OuterRef("topic")).values("name")[:1])


class Occurring(SimpleListFilter):
    """By a column's values, those that the user's rows have. `none` is what rows without one are called."""

    none: Any = ""

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Each value by its name, in the names' order; last, the rows that have none."""
        rows = model_admin.get_queryset(request).order_by()
        found = set(rows.values_list(str(self.parameter_name), flat=True).distinct())
        named = sorted(self.named(found - {""}).items(), key=lambda pair: pair[1].lower())
        return [*named, *([(NOTHING, self.none)] if "" in found else [])]

    def named(self, values: set[str]) -> dict[str, str]:
        """What people call each value."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with the chosen value."""
        chosen = self.value()
        return queryset.filter(**{str(self.parameter_name): chosen.removeprefix(NOTHING)}) if chosen else queryset


class TopicFilter(Occurring):
    """By the topic, in the tenants' own words."""

    title = _("topic")
    parameter_name = "topic"
    none = _("no topic")

    def named(self, values: set[str]) -> dict[str, str]:
        """The key stands where no tenant has the topic any more."""
        names = dict(Topic.objects.filter(key__in=values).values_list("key", "name"))
        return {key: names.get(key, key) for key in values}


class LanguageFilter(Occurring):
    """By the language, by its name."""

    title = _("language")
    parameter_name = "language"
    none = _("not known")

    def named(self, values: set[str]) -> dict[str, str]:
        """In the user's language."""
        return {code: language_words(code, get_language() or "en") for code in values}
