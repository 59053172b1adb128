"""Inviting a person: an account without a password, and the link to set one, by mail or by way of the operator."""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

log = structlog.get_logger(__name__)


class InvitationForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(
        label=_("e-mail address"), max_length=150
    )  # it is the user's name too, and that is its length

    def clean_email(self) -> str:
        """Returns an address that no user has."""
        email = str(self.cleaned_data["email"]).lower()
        users = get_user_model().objects
        if users.filter(email__iexact=email).exists() or users.filter(username__iexact=email).exists():
            raise ValidationError(_("Somebody has this address already."))
        return email


def invited(email: str) -> User:
    """Returns a new user, who is named by the address and has no password."""
    return get_user_model().objects.create_user(email, email, is_staff=True)


def send(user: User) -> str:
    """Sends the invitation, and returns what to tell the operator: where no mail can be sent, the link itself."""
    link = _link(user)
    try:
        if settings.KLARK_EMAIL_URL:
            context: dict[str, Any] = {"user": user, "link": link, "passwords": not settings.KLARK_OIDC_ONLY}
            get_adapter().send_mail("account/email/invitation", user.email, context)
            return gettext("The invitation was sent to %(address)s.") % {"address": user.email}
    except OSError as error:
        log.warning("a mail could not be sent", user=user.pk, error=str(error))
    words = gettext("Give this link to %(address)s: it is shown once, and works for three days: %(link)s")
    return words % {"address": user.email, "link": link}


def _link(user: User) -> str:
    """Returns where the person begins: at setting a password or, where there are none, at the login."""
    if settings.KLARK_OIDC_ONLY:
        return f"{settings.KLARK_URL}{reverse('account_login')}"
    key = f"{user_pk_to_url_str(user)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)}"
    return str(get_adapter().get_reset_password_from_key_url(key))
