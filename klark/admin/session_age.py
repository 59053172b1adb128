"""How long a login lasts: until it has been idle for `KLARK_SESSION_IDLE_MINUTES`, and a day at most, however busy."""

from time import time

from django.contrib.auth import logout
from django.http import HttpRequest

LONGEST_S = 24 * 3600
RENEWED_S = 60
"""A session in use is written at most so often. Django then counts its idle time (SESSION_COOKIE_AGE) from there."""
UNATTENDED = "X-Klark-Unattended"
"""A header of requests that a page makes by itself, with nobody there perhaps."""


def end_or_renew(request: HttpRequest) -> None:
    """Logs the user out if the login is too old; otherwise the idle time begins anew, unless a page asks by itself."""
    now, session = time(), request.session
    if now - session.setdefault("began", now) > LONGEST_S:
        logout(request)
    elif UNATTENDED not in request.headers and now - session.get("renewed", 0) > RENEWED_S:
        session["renewed"] = now
