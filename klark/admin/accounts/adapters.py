"""Klark's rules for django-allauth: what it asks before it lets somebody in, and how it sends mail and reaches servers.

Nobody signs up. A password, a code or a server of the operator's opens an account that a superuser has made, and no other.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from requests import RequestException, Response, Session

from integrations.errors import IntegrationError
from integrations.http.outbound import Outbound, web_address
from integrations.http.transports import requests_transport
from klark.runtime.encrypted_secrets import seal, unseal
from klark.runtime.login_limits import client_address

log = structlog.get_logger(__name__)
MAILS = ThreadPoolExecutor(1, thread_name_prefix="klark-mail")
SERVER = Outbound(connect_s=5, read_s=10, max_bytes=1024 * 1024)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Logging in with a password, and setting a new one."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses passwords where the operator wants single sign-on only. Allauth's own limit, which counts a name whatever
        the address, is left out: with it any stranger could keep its owner out. `klark.runtime.login_limits` counts."""
        if settings.KLARK_OIDC_ONLY:
            raise PermissionDenied

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        """Turns away whom the admin would send back here for ever."""
        if not user.is_staff:
            return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]
        return super().pre_login(request, user, **hooks)  # type: ignore[no-any-return]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Returns the address that a limit counts, the same as for passwords."""
        return client_address(request) or ""

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Asks once more who it is before a second factor changes, unless the user has nothing to prove it with: whoever
        came by single sign-on and sets up a first factor."""
        there: bool = super().is_reauthentication_required(app=app, **more)
        return there and bool(self.get_reauthentication_methods(self.request.user))

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Returns how a user may prove who they are, without a password where none is taken."""
        known: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one for one in known if not settings.KLARK_OIDC_ONLY or one["id"] != "reauthenticate"]

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Returns the address to set a password at. Not of the request's host: that is what the sender of a request wrote."""
        parts = dict(zip(("uidb36", "key"), key.split("-", 1), strict=True))
        return f"{settings.KLARK_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Sends the mail in a thread of its own, where it may take its time and fail: the page must not tell by either whether
        an address is known. The limit on mails to one address locks nobody out, since each of them has a link that works."""
        if settings.KLARK_EMAIL_URL and not settings.KLARK_OIDC_ONLY:
            MAILS.submit(self._post, user, context, get_language())

    def _post(self, user: User, context: dict[str, Any], language: str) -> None:
        try:
            with override(language):
                self.send_mail("account/email/password_reset_key", user.email, context)
        except OSError as error:
            log.warning("a mail could not be sent", user=user.pk, error=str(error))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends a mail in the language that is active. Its templates see no request, as those of pages do, so that nothing asks
        the database in the thread above."""
        subject, body = (render_to_string(f"{template_prefix}_{part}.txt", context) for part in ("subject", "message"))
        EmailMessage(subject.strip(), body.strip(), to=[email]).send()


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps and recovery codes encrypted. `manage.py keys rotate` knows them."""

    def encrypt(self, text: str) -> str:
        """Seals a secret."""
        return seal({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        """Opens what `encrypt` sealed. Raises CannotOpen."""
        return unseal(encrypted_text)["secret"]


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Logging in by the operator's OpenID Connect server."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Lets in whoever has the address of exactly one active user, and the server says that it is verified. Nothing is
        linked and nobody is created, so that each login asks anew."""
        user = _owner(sociallogin)
        claims = sociallogin.account.extra_data
        same = claims["userinfo"].get("sub") == claims.get("id_token", {}).get("sub")
        if user is None or not same or sociallogin.state.get("process") != "login":
            log.info("a single sign-on was refused", known=user is not None)
            messages.error(
                request,
                gettext("No account here has your address, or it is not verified. Ask whoever looks after klark."),
            )
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        sociallogin.user = user

    def get_requests_session(self) -> Session:
        """Returns a session under the policy for outgoing requests. The operator names the server, so it may be private."""
        return _ServerSession(self.request)


class _ServerSession(Session):
    """Asks the server, and ends the request with a page where it does not answer in JSON: allauth would answer 500."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self.asker = request
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        own = web_address(app["settings"]["server_url"])
        hosts = (own.netloc, own.hostname or "") if own else ()
        transport = requests_transport(replace(SERVER, private=(*settings.KLARK_PRIVATE_HOSTS, *hosts)))
        self.mount("https://", transport)
        self.mount("http://", transport)
        self.trust_env = False

    def request(self, *args: Any, **options: Any) -> Response:
        """Sends one request. Raises ImmediateHttpResponse."""
        try:
            answer = super().request(*args, **options)
            answer.raise_for_status()
            answer.json()
        except (IntegrationError, RequestException) as error:
            log.warning("single sign-on failed", error=str(error))
            raise ImmediateHttpResponse(render(self.asker, "socialaccount/authentication_error.html")) from error
        return answer


def _owner(sociallogin: SocialLogin) -> User | None:
    """Returns the active user with a verified address of this login, if that is exactly one. PostgreSQL and Python each
    compare in their own way, and letters that only look alike to one of them ("ı", "K") do not match."""
    verified = [each.email for each in sociallogin.email_addresses if each.verified]
    found = {
        user
        for email in verified
        for user in get_user_model().objects.filter(email__iexact=email, is_active=True)
        if user.email.lower() == email.lower()
    }
    return found.pop() if len(found) == 1 else None
