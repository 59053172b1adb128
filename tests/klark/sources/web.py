"""A small site over real HTTP on the loopback."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Answer:
    body: bytes | str = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Web:
    home: str
    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.home.removeprefix("http://")

    def maps(self, *paths: str, changed: str = "") -> None:
        """Its sitemap names these; a whole address stands as it is."""
        stamp = f"<lastmod>{changed}</lastmod>" if changed else ""
        places = (path if "://" in path else f"{self.home}{path}" for path in paths)
        urls = "".join(f"<url><loc>{place}</loc>{stamp}</url>" for place in places)
        self.answers["/sitemap.xml"] = Answer(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', kind="application/xml"
        )


@contextmanager
def web() -> Iterator[Web]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            answer = site.answers.get(self.path, Answer("none", 404))
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            for name, value in {
                "Content-Type": answer.kind,
                "Content-Length": str(len(body)),
                **answer.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    site = Web(f"http://127.0.0.1:{server.server_address[1]}", {})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()
