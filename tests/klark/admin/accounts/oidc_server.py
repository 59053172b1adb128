"""A stand-in OpenID Connect server over real HTTP: discovery, authorize with PKCE, a signed id_token, userinfo, jwks."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET, CODE = "klark-client", "klark-secret", "one-time-code"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Server:
    """What it says of whoever logs in; tests change it."""

    claims: dict[str, Any] = field(
        default_factory=lambda: {"sub": "7", "email": "camille@klark.example", "email_verified": True}
    )
    token: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    challenge: str = ""
    down: bool = False
    url: str = ""

    def get(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """The status and the JSON of an answer; a redirect's address stands in its place."""
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo",
                    "jwks_uri": "jwks"}  # fmt: skip
            return 200, {"issuer": self.url, **{name: f"{self.url}/{end}" for name, end in ends.items()}}
        if path == "/authorize":
            self.challenge = query["code_challenge"] if query["code_challenge_method"] == "S256" else ""
            return 302, f"{query['redirect_uri']}?{urlencode({'code': CODE, 'state': query['state']})}"
        if path == "/jwks":
            return 200, {"keys": [{**json.loads(RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "k", "alg": "RS256"}]}
        return 200, self.claims

    def post(self, form: dict[str, str]) -> tuple[int, Any]:
        """The token endpoint, which takes the code only with the client's secret and the verifier of the challenge."""
        given = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if (form["code"], form["client_secret"], given) != (CODE, SECRET, self.challenge):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, "sub": self.claims["sub"], **self.token}
        return 200, {
            "access_token": "a", "token_type": "Bearer",
            "id_token": jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "k"}),
        }  # fmt: skip


class _Answers(BaseHTTPRequestHandler):
    server: "_Http"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.say(
            *self.server.behind.get(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})
        )

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.say(*self.server.behind.post({name: values[0] for name, values in parse_qs(text).items()}))

    def say(self, status: int, said: Any) -> None:
        self.server.behind.asked.append(urlsplit(self.path).path)
        body = b"" if status == 302 else json.dumps(said).encode()
        self.send_response(503 if self.server.behind.down else status)
        if status == 302:
            self.send_header("Location", said)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Http(ThreadingHTTPServer):
    behind: Server


def made() -> _Http:
    """One that listens on loopback; `serve_forever` runs it."""
    http = _Http(("127.0.0.1", 0), _Answers)
    http.behind = Server(url=f"http://127.0.0.1:{http.server_address[1]}")
    return http
