"""A limit on a whole exchange, where a transport knows only limits on each read."""

import time
from collections.abc import Iterator

import httpx2


class Deadline(httpx2.BaseTransport):
    """Passes requests to `inner`; the request's read time-out bounds everything up to the last byte of the answer."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self.inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        ends = time.monotonic() + request.extensions["timeout"]["read"]
        answer = self.inner.handle_request(request)
        # The pool reads the limit anew for the body: a server that was slow with its head has less time for the rest.
        request.extensions["timeout"]["read"] = max(0.001, ends - time.monotonic())
        if isinstance(answer.stream, httpx2.SyncByteStream):
            answer.stream = _Until(answer.stream, ends)
        return answer

    def close(self) -> None:
        self.inner.close()


class _Until(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, ends: float) -> None:
        self.stream = stream
        self.ends = ends

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.stream:
            if time.monotonic() > self.ends:
                raise httpx2.ReadTimeout("the answer came too slowly")
            yield chunk

    def close(self) -> None:
        self.stream.close()
