"""Reads the raw body of a request, whole and within a limit."""

from collections.abc import Iterator
from typing import IO

from django.http import HttpRequest

LIMIT = 1024 * 1024  # bytes


class TooLarge(Exception):
    """Raised for a body of more than LIMIT bytes."""


def read_body(request: HttpRequest) -> bytes:
    """Returns the raw body; a chunked one has no `CONTENT_LENGTH`, and Django would read nothing of it.

    Raises TooLarge and UnreadablePostError.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > LIMIT:
        raise TooLarge
    stream = request.META.get("wsgi.input")
    raw = request.body if length.isdecimal() or stream is None else b"".join(_parts(stream))
    if len(raw) > LIMIT:
        raise TooLarge
    return raw


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """Yields pieces until just above LIMIT: a server may return what has arrived so far rather than all that was requested."""
    left = LIMIT + 1
    while left > 0 and (part := bytes(stream.read(left))):
        left -= len(part)
        yield part
