"""What klark tells other programs is signed as Standard Webhooks says, and goes nowhere but where the operator lets it."""

import base64
from collections.abc import Iterator

import pytest

from integrations.errors import Refused, TryLater
from integrations.http.outbound import Outbound
from integrations.outgoing_webhook import new_secret, receiver, send, signature
from tests.integrations.model_server import Said, Server, model_server

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
"""As the package standardwebhooks signs it."""


@pytest.fixture
def there() -> Iterator[Server]:
    with model_server() as server:
        server.script = [Said(204)]
        yield server


def sent(there: Server, *private: str) -> int:
    return send(f"http://{there.place}/in", SECRET, MESSAGE, AT, BODY, Outbound(private=private or (there.place,)))


def test_a_message_is_signed_as_standard_webhooks_says() -> None:
    assert signature(SECRET, MESSAGE, AT, BODY) == SIGNED


def test_a_new_key_has_256_bits_and_is_never_the_same() -> None:
    made = {new_secret() for _ in range(20)}
    assert (len(made), {len(base64.b64decode(one.removeprefix("whsec_"))) for one in made}) == (20, {32})


def test_a_message_comes_with_its_id_its_time_and_its_signature(there: Server) -> None:
    assert sent(there) == 204
    (headers,) = there.headers
    named = ("webhook-id", "webhook-timestamp", "webhook-signature", "content-type")
    assert [headers[name] for name in named] == [MESSAGE, str(AT), SIGNED, "application/json"]
    assert there.bodies == [{"test": 2432232314}]


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 429, 500, 503])
def test_whatever_is_no_2xx_is_not_taken(there: Server, status: int) -> None:
    there.script = [Said(status, headers={"location": f"http://{there.place}/elsewhere"})]
    with pytest.raises(TryLater, match=str(status)):
        sent(there)
    assert len(there.bodies) == 1


def test_a_receiver_that_sends_too_much_has_not_taken_it(there: Server) -> None:
    there.script = [Said(200, b"x" * 100_000)]
    with pytest.raises(TryLater):
        sent(there)


def test_a_private_network_is_not_reached_unless_the_operator_lists_it(there: Server) -> None:
    with pytest.raises(Refused, match="public internet"):
        send(f"https://{there.place}/in", SECRET, MESSAGE, AT, BODY, Outbound())
    assert there.bodies == []


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/in", "ftp://hooks.example", "https://", "hooks.example", "https://a:b@hooks.example/", "https://["],
)  # fmt: skip
def test_an_address_without_tls_or_with_a_password_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="https://"):
        receiver(url, Outbound(private=("10.0.0.5:80",)))


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="anew"):
        signature("whsec_not base64", MESSAGE, AT, BODY)
