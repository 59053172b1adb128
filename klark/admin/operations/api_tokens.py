"""The pages of API tokens. A token is shown once, when it is made; then it can only be revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power
from klark.admin.base import Act, Pages
from klark.admin.choice_labels import Coloured
from klark.admin.unfold_classes import CheckboxSelectMultiple, ModelForm, display
from klark.models import ApiToken, AuditAct

YEAR = timedelta(days=365)
COLOURS = {"valid": "success", "expired": "warning", "revoked": "danger"}


class ApiTokenForm(ModelForm):
    """What a new token is for, what it may do, and until when."""

    scopes = forms.MultipleChoiceField(label=_("May"), choices=ApiToken.Scope.choices, widget=CheckboxSelectMultiple)

    class Meta:
        model = ApiToken
        fields = ("tenant", "name", "scopes", "per_minute", "expires_at")

    def clean_expires_at(self) -> datetime:
        """Refuses a time that is over: such a token would never work."""
        ends: datetime = self.cleaned_data["expires_at"]
        if ends <= datetime.now(UTC):
            raise ValidationError(_("It must end in the future."))
        return ends


def revoke(request: HttpRequest, token: ApiToken) -> str:
    """Revokes a token, and returns the sentence to show."""
    ApiToken.of(token.tenant_id).filter(pk=token.pk, revoked_at=None).update(revoked_at=Now())
    return gettext("Revoked: from now on it opens nothing.")


class ApiTokenPages(Pages):
    """API tokens. None is changed or deleted, so that the audit chain's names stay explained."""

    sees = changes = Power.OPERATE
    audited = AuditAct.TOKEN
    form = ApiTokenForm
    list_display = ("name", "state", "may", "last_used_at", "expires_at", "tenant")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)
    acts = (
        Act("revoke", _("Revoke"), revoke, lambda token: token.revoked_at is None,
            _("At once, and for good. A program that uses it is answered 401."), audited=AuditAct.TOKEN),
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Shows more of a token that is there."""
        made = (
            "tenant",
            "name",
            "state",
            "may",
            "per_minute",
            "expires_at",
            "last_used_at",
            "created_at",
            "revoked_at",
        )
        return made if obj else ApiTokenForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Makes all of a token that is there read-only."""
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allows to add one, and to change none."""
        return obj is None and super().has_change_permission(request)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """Proposes that it may read, for a year."""
        proposed = {"scopes": [ApiToken.Scope.READ], "expires_at": datetime.now(UTC).replace(microsecond=0) + YEAR}
        return {**super().get_changeform_initial_data(request), **proposed}

    def save_model(self, request: HttpRequest, obj: ApiToken, form: forms.Form, change: bool) -> None:
        """Draws the token, and shows it."""
        token = obj.draw()
        super().save_model(request, obj, form, change)
        messages.success(request, gettext("Copy the token now, it is shown this once: %(token)s") % {"token": token})

    @display(description=_("may"))
    def may(self, token: ApiToken) -> str:
        """Returns what it may do, in words."""
        return ", ".join(str(ApiToken.Scope(scope).label) for scope in token.scopes)

    @display(description=_("state"), label=COLOURS)
    def state(self, token: ApiToken) -> Coloured:
        """Returns whether it works, with a colour."""
        if token.revoked_at:
            return Coloured("revoked", gettext("revoked"))
        valid = token.expires_at > datetime.now(UTC)
        return Coloured("valid", gettext("valid")) if valid else Coloured("expired", gettext("expired"))
