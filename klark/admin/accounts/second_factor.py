"""Whether a user must set up a second factor before anything else."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these; alone they are none."""


def lacks_second_factor(request: HttpRequest) -> bool:
    """Returns whether klark asks for a second factor that this user has not set up yet."""
    if settings.KLARK_SECOND_FACTOR != "required" or not request.user.is_authenticated:
        return False
    return not is_mfa_enabled(request.user, FACTORS)


def sets_one_up(request: HttpRequest) -> bool:
    """Returns whether a page belongs to setting one up, or to leaving."""
    leaving = (reverse("account_reauthenticate"), reverse("account_logout"), reverse("admin:logout"))
    return request.path.startswith(reverse("mfa_index")) or request.path in leaving
