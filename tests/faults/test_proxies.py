"""The proxies: faults strike where they are armed, and nowhere else."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from tests.faults.points import BY_NAME, POINTS
from tests.faults.stage.ground import Loop
from tests.faults.stage.http_proxy import HttpProxy
from tests.faults.stage.switchboard import Point, Switchboard, Trigger

WRITE = BY_NAME["after the write"]
PATH = "/freshdesk/api/v2/tickets/7/reply"


class Desk(BaseHTTPRequestHandler):
    """Answers every write, and counts them."""

    protocol_version = "HTTP/1.1"
    written = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        type(self).written += 1
        raw = json.dumps({"id": type(self).written}).encode()
        self.send_response(201)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def board() -> Switchboard:
    return Switchboard()


@pytest.fixture
def address(board: Switchboard) -> Iterator[str]:
    Desk.written = 0
    desk = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=desk.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    proxy = HttpProxy("worker", "helpdesk", board, desk.server_address[1])
    Loop().do(proxy.open())
    yield f"http://127.0.0.1:{proxy.port}"
    desk.shutdown()
    desk.server_close()


def write(address: str, path: str = PATH) -> requests.Response:
    return requests.post(address + path, json={"body": "Hello"}, timeout=5)


def test_there_are_forty_points_and_each_has_a_name_of_its_own() -> None:
    assert len(POINTS) >= 40
    assert len(BY_NAME) == len(POINTS)


def test_what_is_not_named_passes(address: str, board: Switchboard) -> None:
    board.arm(Trigger(WRITE, "cut"))
    assert write(address, "/freshdesk/api/v2/elsewhere").json() == {"id": 1}


def test_a_write_is_applied_and_its_answer_dropped_once(address: str, board: Switchboard) -> None:
    trigger = Trigger(WRITE, "cut")
    board.arm(trigger)
    with pytest.raises(requests.ConnectionError):
        write(address)
    assert (Desk.written, trigger.fired.is_set()) == (1, True)
    assert write(address).json() == {"id": 2}


def test_a_write_is_answered_before_anybody_has_made_it(address: str, board: Switchboard) -> None:
    board.arm(Trigger(BY_NAME["before the write"], "status", status=429, headers={"Retry-After": "7"}))
    answer = write(address)
    assert (answer.status_code, answer.headers["Retry-After"], Desk.written) == (429, "7", 0)


@pytest.mark.parametrize(("act", "content"), [("garbage", b'{"id'), ("page", b"<!DOCTYPE html><p>Just a moment")])
def test_an_answer_is_made_worse(address: str, board: Switchboard, act: str, content: bytes) -> None:
    board.arm(Trigger(WRITE, act))
    answer = write(address)
    assert (answer.status_code, answer.content.startswith(content), Desk.written) == (200, True, 1)


def test_half_an_answer_ends_in_the_middle(address: str, board: Switchboard) -> None:
    board.arm(Trigger(WRITE, "half"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        write(address)
    assert Desk.written == 1


def test_the_second_passage_is_struck_if_so_asked() -> None:
    board, point = Switchboard(), Point("p", "worker", "database", "INSERT INTO klark_webhookevent", "before")
    board.arm(Trigger(point, "cut", nth=2))
    said = [board.at("worker", "database", "INSERT INTO klark_webhookevent …", "before") for _ in range(3)]
    assert [bool(struck) for struck in said] == [False, True, False]
