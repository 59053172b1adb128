"""The pages of articles. A change creates a new version, and a withdrawn article stays readable; nothing is deleted."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin as AnyPages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power
from klark.admin.base import Act, Pages
from klark.admin.choice_labels import source_title
from klark.admin.filters import LanguageFilter, Occurring
from klark.admin.knowledge import drafted_articles, gaps
from klark.admin.knowledge.suggested_value import put_in
from klark.admin.unfold_classes import ModelForm, display
from klark.knowledge.ingest import BY_HAND, NewArticle, ingest, new_key, take_out
from klark.knowledge.strip_instructions import warning_in
from klark.models import Article, AuditAct
from klark.values.wording import local_day

MOST_LOOKED_AT = 10_000
"""How many of the newest articles tell which languages and sources there are."""


class Versions(SimpleListFilter):
    """A filter by version. If nothing is chosen, it shows current versions."""

    title = _("versions")
    parameter_name = "versions"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns the choices: current, old and withdrawn, or all."""
        return [("current", _("current")), ("old", _("old and withdrawn")), ("all", _("all"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yields the choices without Django's own "all", since nothing chosen means current."""
        for value, title in self.lookup_choices:
            yield {
                "selected": value == (self.value() or "current"),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Returns the chosen versions."""
        chosen = self.value() or "current"
        return queryset if chosen == "all" else queryset.filter(current=chosen == "current")


class ArticleLanguages(LanguageFilter):
    """A filter by the articles' languages."""

    newest = MOST_LOOKED_AT


class SourceFilter(Occurring):
    """A filter by where articles come from."""

    title = _("source")
    parameter_name = "source"
    newest = MOST_LOOKED_AT

    def named(self, values: set[str]) -> dict[str, str]:
        """Returns each source in words."""
        return {source: source_title(source) for source in values}


class ArticleForm(ModelForm):
    """The fields that a person writes; klark derives the others."""

    class Meta:
        model = Article
        fields = (
            "tenant", "title", "body_html", "language", "url", "brand", "audience", "valid_from", "valid_until",
        )  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "body_html": _("HTML or plain text."),
            "language": _("A code such as en or fr. Empty: klark finds out."),
            "url": _("Where customers can read it; drafts link to it."),
        }

    def clean(self) -> dict[str, Any]:
        """Refuses a validity that ends before it begins: such an article would never be quoted, for no visible reason."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = given.get("valid_from"), given.get("valid_until")
        if begins and ends and ends <= begins:
            raise ValidationError({"valid_until": _("It must end after it begins.")})
        return given


def withdraw(request: HttpRequest, article: Article) -> str:
    """Withdraws an article from all new drafts, and returns the sentence to show."""
    take_out(article)
    return gettext("Withdrawn: no new draft rests on it. What was quoted from it stays readable.")


class ArticlePages(Pages):
    """Articles. Those from a help centre or another source are read-only here; those written by hand can be changed."""

    sees = changes = Power.LEAD
    audited = AuditAct.ARTICLE
    form = ArticleForm
    list_display = (
        "title",
        "language_shown",
        "source_shown",
        "version",
        "current",
        "updated_shown",
        "warning_shown",
        "tenant",
    )
    list_filter = (Versions, ArticleLanguages, SourceFilter, "tenant")
    search_fields = ("title", "body_html")
    search_help_text = _("Words in the title or the text")
    list_per_page = 50
    readonly_fields = (
        "source_shown",
        "key",
        "version",
        "current",
        "warning_shown",
        "added_at",
        "updated_at",
        "passages_shown",
    )
    fieldsets = (
        (None, {"fields": ("tenant", "title", "body_html", "language", "url")}),
        (_("For whom and when"), {"fields": (("brand", "audience"), "valid_from", "valid_until")}),
        (
            _("Version"),
            {"fields": (("source_shown", "key"), ("version", "current"), ("added_at", "updated_at"), "warning_shown")},
        ),
        (_("Passages, as drafts quote them"), {"fields": ("passages_shown",)}),
    )
    add_fieldsets = fieldsets[:2]
    acts = (
        Act(
            "withdraw",
            _("Withdraw"),
            withdraw,
            lambda article: article.current,
            _("No new draft will rest on it. One that comes from a help centre returns with its next change there."),
            audited=AuditAct.ARTICLE,
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allows changes only to current articles that were written by hand."""
        if isinstance(obj, Article) and not (obj.current and obj.source == BY_HAND):
            return False
        return super().has_change_permission(request, obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Puts in what a suggestion proposes, where it leads to this form."""
        put_in(request, context["adminform"].form)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Adds the pages on knowledge gaps."""
        site = self.admin_site
        return [
            path("gaps/", site.admin_view(gaps.page), name="klark_article_gaps"),
            path("gaps/draft/", site.admin_view(drafted_articles.draft), name="klark_article_propose"),
            path("gaps/<int:number>/", site.admin_view(drafted_articles.page), name="klark_article_drafted"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Article, form: forms.Form, change: bool) -> None:
        """Saves a new version, in the same way as an article from a help centre."""
        key = obj.key or new_key(obj.title)
        new = NewArticle(
            key,
            obj.title,
            obj.body_html,
            obj.language,
            obj.url,
            None,
            obj.brand,
            obj.audience,
            obj.valid_from,
            obj.valid_until,
        )
        if not ingest(obj.tenant_id, BY_HAND, new):
            messages.info(request, _("Nothing was changed, so there is no new version."))
        obj.pk = (
            Article.of(obj.tenant_id).filter(source=BY_HAND, key=key, current=True).values_list("pk", flat=True).get()
        )

    @display(description=_("updated"), ordering="updated_at")
    def updated_shown(self, article: Article) -> str:
        """Returns the day only: many help centres give no more, and the time would add nothing."""
        return local_day(article.updated_at) if article.updated_at else "—"

    @display(description=_("warning"))
    def warning_shown(self, article: Article) -> str:
        """Returns what was left out of the article, in the user's language."""
        return warning_in(get_language() or "en", article.warning)

    @display(description=_("source"), ordering="source")
    def source_shown(self, article: Article) -> str:
        """Returns where the article comes from."""
        return source_title(article.source)

    @display(description=_("passages"))
    def passages_shown(self, article: Article) -> SafeString:
        """Returns the passages with their numbered sentences."""
        rows = [(row.number, row.title, _sentences(row.sentences)) for row in article.passages.order_by("number")]
        return format_html_join("", '<section class="k-passage"><h4>{} · {}</h4><ol>{}</ol></section>', rows)


def _sentences(sentences: list[str]) -> SafeString:
    return format_html_join("", "<li>{}</li>", ((format_html("{}", sentence),) for sentence in sentences))
