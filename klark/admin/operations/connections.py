"""The pages of a tenant's helpdesk accounts. Secrets can be set but are never shown."""

from typing import Any, cast

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.helpdesks import INSTALLERS
from klark.admin.access import Power, actor
from klark.admin.base import Act, Pages
from klark.admin.choice_labels import labelled
from klark.admin.fields import Secret, is_set
from klark.admin.operations import health
from klark.admin.operations.authorizing import callback, leave
from klark.admin.operations.setting_up import failed, set_up
from klark.admin.unfold_classes import ModelForm, display
from klark.connections.authorize import redirect
from klark.models import AuditAct, Connection, record
from klark.models.connection import account_name
from klark.runtime.encrypted_secrets import CannotOpen, changed, seal, unseal

ZENDESK = "https://*.zendesk.com"
KEEP = _("Left empty, the old one is kept.")
SECRETS = ("token", "webhook_secret", "client_id", "client_secret")
SHORTEST_SECRET = 16
"""How many characters a webhook secret has at least: at Freshdesk it is the only proof of who sends."""


class ConnectionForm(ModelForm):
    """A connection's form: the account, and write-only secrets."""

    token = Secret(
        label=_("API token"),
        help_text=_('Zendesk: "address@example.com/token:KEY" or "oauth:TOKEN". Freshdesk: the API key.'),
    )
    webhook_secret = Secret(label=_("webhook secret"), help_text=KEEP)
    client_id = forms.CharField(
        label=_("OAuth client"),
        required=False,
        max_length=200,
        help_text=_("Zendesk: its identifier, to authorise with."),
    )
    client_secret = Secret(label=_("secret of the OAuth client"), help_text=KEEP)

    class Meta:
        model = Connection
        fields = ("tenant", "helpdesk", "account", "active", "shadow", "start_mark", "saved_replies", "signs")

    def clean_account(self) -> str:
        """Returns the bare name, as `manage.py connect` takes it. Refuses an account that the tenant has connected already."""
        given = self.cleaned_data
        helpdesk, owner = given.get("helpdesk", ""), given.get("tenant")
        try:
            name = account_name(helpdesk, given["account"])
        except ValueError as error:
            raise ValidationError(
                _("This is an address: give the bare name, as in “acme”, without https:// and without a path.")
            ) from error
        if owner and Connection.of(owner.pk).filter(helpdesk=helpdesk, account__iexact=name).exists():
            raise ValidationError(_("This account is connected already."))
        return name

    def clean_webhook_secret(self) -> str:
        """Returns the secret, or "" to keep the old one. Refuses one that could be guessed."""
        secret = str(self.cleaned_data["webhook_secret"])
        if secret and (len(secret) < SHORTEST_SECRET or len({*secret}) < settings.DISTINCT):
            raise ValidationError(
                _("This webhook secret could be guessed. Take at least %(shortest)d characters drawn at random."),
                params={"shortest": SHORTEST_SECRET},
            )
        return secret

    def clean(self) -> dict[str, Any]:
        """Seals the secrets. If the stored ones cannot be opened, both token and webhook secret must be given again."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        token, secret = given.get("token", ""), given.get("webhook_secret", "")
        try:
            old = unseal(self.instance.sealed)
        except CannotOpen as error:
            if not (token and secret):
                raise ValidationError(str(error)) from error
            old = {}
        client = {name: given[name] for name in ("client_id", "client_secret") if given.get(name)}
        if token or secret or client:
            self.instance.sealed = seal({**changed(old, token, secret), **client})
        if token:
            self.instance.own_user_id = ""  # perhaps of another user; read again before the next write
        return given


class ConnectionPages(Pages):
    """Helpdesk accounts and their state."""

    sees = changes = Power.OPERATE
    acts = (
        Act(
            "set-up",
            _("Set up at the helpdesk"),
            set_up,
            lambda connection: bool(connection.sealed) and connection.helpdesk in INSTALLERS,
            _("Makes the webhook there and has a test event sent."),
        ),
        Act(
            "authorize",
            _("Authorise at Zendesk"),
            leave,
            lambda connection: connection.helpdesk == "zendesk",
            _("Signed in there as klark's own seat. Its OAuth client needs the redirect URL below."),
            leads=True,
        ),
    )
    form = ConnectionForm
    list_display = (
        "account",
        "helpdesk",
        "active",
        "shadow_shown",
        "last_event_at",
        "last_write_at",
        "troubled",
        "tenant",
    )
    list_filter = ("helpdesk", "active", "tenant")
    readonly_fields = ("webhook_address", "redirect_shown", "walked_at", "secrets_shown", "own_user_id", "last_event_at",
                       "last_write_at", "trouble", "knowledge_trouble", "report", "bad_signatures", "created_at")  # fmt: skip
    fieldsets = (
        (None, {"fields": ("tenant", "helpdesk", "account", "active", "shadow", "start_mark")}),
        (_("Secrets"), {"fields": ("secrets_shown", "token", "webhook_secret")}),
        (_("OAuth"), {"fields": ("client_id", "client_secret", "redirect_shown")}),
        (_("Words"), {"fields": ("signs", "saved_replies")}),
        (_("Webhook"), {"fields": ("webhook_address", "bad_signatures")}),
        (
            _("How it is"),
            {
                "fields": (
                    ("last_event_at", "last_write_at"),
                    "trouble",
                    "walked_at",
                    "knowledge_trouble",
                    "report",
                    "own_user_id",
                    "created_at",
                )
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: Connection, form: ConnectionForm, change: bool) -> None:
        """Saves, and adds to the audit chain what was changed: secrets, or the connection."""
        super().save_model(request, obj, form, change)
        if form.has_changed():
            act = AuditAct.SECRETS if {*form.changed_data} & {*SECRETS} else AuditAct.CONNECTION
            record(obj.tenant_id, actor(request), act, obj, fields=form.changed_data)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Makes an existing connection's account read-only: its drafts belong to it, so another account needs another row."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None else [*fixed, "helpdesk", "account"]

    @display(description=_("shadow mode"), label={"on": "warning"}, ordering="shadow")
    def shadow_shown(self, connection: Connection) -> Any:
        """Returns a label only if shadow mode is on, since off is the normal state."""
        return ("on", gettext("on")) if connection.shadow else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Shows on top why the last set-up failed, because it ends only after the response to its button was made. The
        button that leads to Zendesk is a form, so the page's content policy must allow that too."""
        row = self.get_object(request, unquote(object_id))
        why = failed(row) if isinstance(row, Connection) and request.method == "GET" else ""
        if why:
            messages.error(request, gettext("The helpdesk is not set up: %(why)s") % {"why": why})
        site = row.address if isinstance(row, Connection) and row.address else ZENDESK
        shown = super().change_view(request, object_id, form_url, extra_context)
        return cast("HttpResponse", csp_update({"form-action": [site]})(lambda _: shown)(request))

    @display(description=_("trouble"))
    def troubled(self, connection: Connection) -> str:
        """Returns what is wrong now, or else why the last set-up failed."""
        why = failed(connection)
        return connection.trouble or (gettext("The helpdesk is not set up: %(why)s") % {"why": why} if why else "")

    @display(description=_("address for the helpdesk's webhook"))
    def webhook_address(self, connection: Connection) -> str:
        """Returns the webhook endpoint's address, to be copied into the helpdesk."""
        if connection._state.adding:
            return gettext("Shown once the connection is saved.")
        return format_html('<code class="k-copy">{}/webhooks/{}/</code>', settings.KLARK_URL, connection.pk)

    @display(description=_("redirect URL of the OAuth client"))
    def redirect_shown(self, connection: Connection) -> str:
        """Returns the redirect URL, to be copied into the OAuth client at Zendesk."""
        return format_html('<code class="k-copy">{}</code>', redirect())

    def get_urls(self) -> list[URLPattern]:
        """Adds the OAuth callback, and the page on how everything is."""
        own = self.admin_site.admin_view
        back = path("oauth/callback/", own(callback), name="klark_connection_callback")
        well = path("health/", own(health.page), name="klark_connection_health")
        return [back, well, *super().get_urls()]

    @display(description=_("what is set"))
    def secrets_shown(self, connection: Connection) -> str:
        """Returns which secrets are set, never their values."""
        try:
            secrets = unseal(connection.sealed)
        except CannotOpen as error:
            return str(error)
        names = {
            "token": _("API token"),
            "webhook_secret": _("webhook secret"),
            "old_webhook_secret": _("webhook secret before that, still valid"),
            "client_id": _("OAuth client"),
        }
        return " · ".join(labelled(label, is_set(secrets, name)) for name, label in names.items())
