"""Who asks: a program with a token, in the header `Authorization: Bearer …`; what the token may do, and how often."""

from datetime import UTC, datetime
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from klark.models import ApiToken
from klark.models.api_token import MINUTE

Scope = ApiToken.Scope


class TokenAuthentication(BaseAuthentication):
    """Finds the token's row and counts the request. There is no user: the token itself acts."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiToken] | None:
        """Returns the token, or None where the request has no Authorization header. Raises AuthenticationFailed."""
        given = request.headers.get("Authorization", "")
        if not given:
            return None
        scheme, _, secret = given.partition(" ")
        token = ApiToken.use(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(gettext("This token is not known, has expired or was revoked."))
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        """Returns what a 401 asks for."""
        return "Bearer"


class HasScope(BasePermission):
    """Lets a token do what its scopes say. A view names the scope that it takes in `scope`; one that names none is closed."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Returns False without a token; raises PermissionDenied if its scopes are not enough."""
        if not isinstance(request.auth, ApiToken):
            return False
        scope = getattr(view, "scope", "")
        if scope not in request.auth.scopes:
            raise PermissionDenied(gettext("This token lacks the scope “%(scope)s”.") % {"scope": scope})
        return True


class PerMinute(BaseThrottle):
    """Each token's own limit. The count stands in the database, so that it holds over all web processes."""

    def allow_request(self, request: Request, view: object) -> bool:
        """Returns whether the limit leaves room for this request, which is counted already."""
        self.token = cast("ApiToken", request.auth)
        return self.token.used <= self.token.per_minute

    def wait(self) -> float:
        """Returns the seconds until the next minute begins."""
        return (self.token.minute_began + MINUTE - datetime.now(UTC)).total_seconds()


def token_of(request: Request) -> ApiToken:
    """Returns the token of a request that was let in."""
    return cast("ApiToken", request.auth)
