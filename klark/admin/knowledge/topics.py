"""The pages of topics: what tickets are about, in the tenant's own words."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power
from klark.admin.base import Pages
from klark.admin.fields import Lines
from klark.admin.nested_fields import NestedForm, by_language
from klark.admin.unfold_classes import Textarea, display
from klark.models import AuditAct, Topic, TopicRule
from klark.values.triage import PRIORITIES


class TopicForm(NestedForm):
    """A topic's form, with words and examples one per line."""

    names = by_language(
        settings.LANGUAGES,
        label=_("names by language"),
        help_text=_("For notes on tickets, and for pages like this one. Empty: the name above."),
    )
    words = Lines(label=_("words"), help_text=_("Words customers use for it, in any language, one a line."))
    examples = Lines(
        label=_("examples"),
        help_text=_(
            "What customers wrote about it, one ticket a line; corrections on a draft's page come here, masked."
        ),
    )
    description = forms.CharField(
        label=capfirst(_("description")), required=False, max_length=300, widget=Textarea({"rows": 2})
    )

    class Meta:
        model = Topic
        fields = ("tenant", "key", "name", "names", "description", "words", "examples", "priority", "highest_priority")

    def clean(self) -> dict[str, Any]:
        """Refuses a lowest priority above the highest one."""
        given = super().clean()
        least, most = given.get("priority"), given.get("highest_priority")
        if least and most and PRIORITIES.index(least) > PRIORITIES.index(most):
            self.add_error("highest_priority", _("This is below the priority above: leave one of the two empty."))
        return given


class TopicPages(Pages):
    """Topics. One that any version of a policy mentions cannot be deleted, and no topic's key can be changed."""

    sees = changes = Power.LEAD
    audited = AuditAct.TOPIC
    form = TopicForm
    list_display = ("name_shown", "key", "description", "tenant")
    list_filter = ("tenant",)
    search_fields = ("name", "key")

    @display(description=_("name"), ordering="name")
    def name_shown(self, topic: Topic) -> str:
        """Returns its name in the user's language."""
        return str(topic)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Makes the key of an existing topic read-only, since older policies refer to it."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None else [*fixed, "key"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allows deletion only of a topic that no policy mentions, and only one at a time."""
        free = obj is not None and not TopicRule.objects.filter(topic_id=obj.pk).exists()
        return free and self.has_change_permission(request, obj)
