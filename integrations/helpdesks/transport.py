"""The transport between an adapter and its account: every request is permitted, signed, sent once, and its response judged."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from integrations.errors import Refused, TryLater
from integrations.helpdesks.base import Account
from integrations.http_failures import blamed, judged

UNWELCOME = 401
Sign = Callable[[str], str]
_UNSENDABLE = "klark's credential has a character in it that cannot be sent: paste it anew"


def open_line(line: "DeskTransport") -> requests.Session:
    """Returns a session whose every call returns a success with JSON, or raises one of the errors in integrations/errors.py."""
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "klark"
    session.mount("https://", line)
    session.mount("http://", line)
    return session


class DeskTransport(BaseAdapter):
    """An adapter below both zenpy and requests, so that neither sees a failure, a redirect or a page of HTML.

    zenpy retries a 429 by itself, breaks on a Retry-After that is a date or on a JSON list, takes HTML for success
    and calls a refused ticket SearchResponseLimitExceeded; requests follows a 302 after a PUT and takes it for
    success.

    `home` is the product's real address; requests go to `account.address` instead if that is set. `sign` turns a
    token into an Authorization header; without it, requests are anonymous. `safe_resend` is the adapter's own
    (integrations/helpdesks/base.py): without it, an answer to a POST must surely be the helpdesk's to count as a refusal.
    """

    def __init__(self, account: Account, home: str, sign: Sign | None, *, safe_resend: bool = False) -> None:
        super().__init__()
        self.safe_resend = safe_resend
        self.account = account
        self.home = home
        self.sign = sign
        self.desk = urlsplit(home).netloc
        self.ahead = 0

    @contextmanager
    def permitted(self, count: int, besides: int = 0) -> Iterator[None]:
        """Gets permission for `count` requests at once, so that nothing but the helpdesk is waited for between them; further
        ones ask by themselves. `besides`: what they cost more than one credit each."""
        self.account.permit(count + besides)
        self.ahead = count
        try:
            yield
        finally:
            self.ahead = 0

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Sends one request. Returns the response if `judged` accepts it; otherwise raises an IntegrationError."""
        method = request.method or ""
        outgoing = self._addressed(request)
        self._permit()
        try:
            answer = self.account.transport.send(outgoing, stream, timeout, verify, cert, proxies)
        except (requests.RequestException, HTTPError) as error:
            raise blamed(error, method, self.desk) from error
        # zenpy looks for the real host in the request of a response, and returns the bare response if it is not
        # there.
        answer.request = request
        self.account.seen(answer.headers)
        if answer.status_code == UNWELCOME and self.sign and self.account.renew():
            # Nothing was done, so the same request can be repeated with the new credential.
            raise TryLater(f"{self.desk} wanted a new token, which klark has by now", after=1.0)
        return judged(answer, method, self.desk, once=not self.safe_resend)

    def close(self) -> None:
        """Does nothing: the transport belongs to the account, and outlives this session."""

    def _permit(self) -> None:
        if self.ahead:
            self.ahead -= 1
        else:
            self.account.permit(1)

    def _addressed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Returns a signed copy for the account's actual address. Credentials are sent nowhere else, whatever URL a
        response names."""
        url = request.url or ""
        if not url.startswith(f"{self.home}/"):
            raise Refused(f"klark was pointed away from {self.desk}, and does not go there")
        outgoing = request.copy()
        outgoing.url = (self.account.address.rstrip("/") or self.home) + url.removeprefix(self.home)
        if self.sign:
            outgoing.headers["Authorization"] = _header(self.sign, self.account.token())
        return outgoing


def _header(sign: Sign, token: str) -> str:
    """Returns the Authorization header. Raises Refused for a stray character, which would otherwise fail obscurely
    while sending."""
    try:
        header = sign(token.strip())
    except UnicodeError as error:
        raise Refused(_UNSENDABLE) from error
    if not (header.isascii() and header.isprintable()):
        raise Refused(_UNSENDABLE)
    return header
