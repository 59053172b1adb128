"""The pages of outgoing webhooks, and the log of what was sent to them."""

import json

from django import forms
from django.contrib import messages
from django.contrib.admin import DateFieldListFilter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.errors import Refused
from integrations.outgoing_webhook import new_secret, receiver
from klark.admin.access import Power
from klark.admin.base import Act, Pages
from klark.admin.operations.log import Log
from klark.admin.unfold_classes import CheckboxSelectMultiple, ModelForm, display
from klark.models import AuditAct, Notification, OutgoingWebhook
from klark.models.notification import notify
from klark.notifications import outbound, send_again
from klark.runtime.encrypted_secrets import seal

Kind = OutgoingWebhook.Kind


class OutgoingWebhookForm(ModelForm):
    """Where it goes, and what it is told."""

    kinds = forms.MultipleChoiceField(
        label=_("Is told"),
        choices=[each for each in Kind.choices if each[0] != Kind.TEST],
        widget=CheckboxSelectMultiple,
    )

    class Meta:
        model = OutgoingWebhook
        fields = ("tenant", "name", "url", "kinds", "active")

    def clean_url(self) -> str:
        """Refuses what is no web address, and one without TLS unless the operator allows its host."""
        url = str(self.cleaned_data["url"])
        try:
            receiver(url, outbound())
        except Refused as error:
            raise ValidationError(_("Give an address that begins with https://.")) from error
        return url

    def clean_kinds(self) -> list[str]:
        """Adds the test, which every address takes."""
        return [*self.cleaned_data["kinds"], Kind.TEST]


def test(request: HttpRequest, webhook: OutgoingWebhook) -> str:
    """Makes a test due, and returns the sentence to show."""
    notify(webhook.tenant_id, Kind.TEST, webhook=webhook.pk)
    return gettext("A worker sends a test now: look into the notifications in a moment.")


def again(request: HttpRequest, row: Notification) -> str:
    """Makes a parked notification due again, and returns the sentence to show."""
    return gettext("klark tries again now.") if send_again(row) else gettext("It is not parked any more.")


class OutgoingWebhookPages(Pages):
    """Outgoing webhooks. The key that signs is shown once, when one is made."""

    sees = changes = Power.OPERATE
    audited = AuditAct.WEBHOOK
    form = OutgoingWebhookForm
    list_display = ("name", "url", "told", "active", "tenant")
    list_filter = ("active", "tenant")
    list_select_related = ("tenant",)
    acts = (
        Act("test", _("Send a test"), test, lambda webhook: webhook.active,
            _("To every active webhook of this company, signed like all others.")),
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: OutgoingWebhook, form: forms.Form, change: bool) -> None:
        """Draws the key of a new one, and shows it."""
        if not change:
            secret = new_secret()
            obj.sealed = seal({"secret": secret})
            messages.success(
                request, gettext("Copy the key for signatures now, it is shown this once: %(key)s") % {"key": secret}
            )
        super().save_model(request, obj, form, change)

    @display(description=_("is told"))
    def told(self, webhook: OutgoingWebhook) -> str:
        """Returns what it is told, in words."""
        return ", ".join(str(Kind(each).label) for each in webhook.kinds if each != Kind.TEST)


class NotificationPages(Log):
    """What was sent to which address, and what became of it. A parked one can be tried again."""

    sees = Power.OPERATE
    list_display = ("kind", "webhook", "state_shown", "status", "attempts", "created_at", "trouble_shown", "tenant")
    list_filter = ("state", "kind", "webhook", ("created_at", DateFieldListFilter), "tenant")
    list_select_related = ("tenant", "webhook")
    fields = ("tenant", "webhook", "kind", "state", "status", "attempts", "trouble_shown", "created_at", "due_at", "ended_at",
              "body_shown")  # fmt: skip
    readonly_fields = fields
    acts = (
        Act("again", _("Try again"), again, lambda row: row.state == Notification.State.PARKED,
            _("Its address has not taken it. Mend that first.")),
    )  # fmt: skip

    @display(description=_("body"))
    def body_shown(self, row: Notification) -> SafeString:
        """Returns the JSON that is sent."""
        return format_html('<pre class="k-raw">{}</pre>', json.dumps(row.body, indent=2, ensure_ascii=False))
