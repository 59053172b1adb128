"""A wake-up that is acknowledged once its connection to the broker is gone ends no worker."""

import logging
import os
from uuid import uuid4

import pytest
from celery.worker.request import Request
from kombu import Connection, Consumer, Message, Queue

from klark.celery import app
from klark.runtime.wakeup_request import WakeupRequest


@pytest.fixture
def left_over() -> Message:
    """A wake-up taken from a broker whose connection is lost afterwards."""
    taken: list[Message] = []
    name = str(uuid4())
    with Connection(os.environ["KLARK_TEST_BROKER_URL"]) as line:
        queue = Queue(name, exclusive=True, auto_delete=True)(line.default_channel)
        queue.declare()
        headers = {"id": name, "task": "klark.work", "lang": "py"}
        line.Producer().publish([[], {}, {}], routing_key=name, headers=headers, serializer="json")
        with Consumer(line.channel(), [queue], on_message=taken.append):
            line.drain_events(timeout=5)
            line.collect()
    return taken[0]


def request(kind: type[Request], message: Message) -> Request:
    return kind(
        message,
        on_ack=message.ack_log_error,
        app=app,
        connection_errors=(ConnectionError,),
        task=app.tasks["klark.work"],
    )


def test_a_wakeup_outlives_its_connection(left_over: Message, caplog: pytest.LogCaptureFixture) -> None:
    app.loader.import_default_modules()
    with pytest.raises(
        AttributeError
    ):  # what would end the worker; once it does not, klark needs no request of its own
        request(Request, left_over).acknowledge()
    with caplog.at_level(logging.CRITICAL):
        request(WakeupRequest, left_over).acknowledge()
    assert "Couldn't ack" in caplog.text


def test_every_task_of_a_worker_is_such_a_request() -> None:
    app.loader.import_default_modules()
    assert {task.Request for name, task in app.tasks.items() if name.startswith("klark.")} == {
        f"{WakeupRequest.__module__}:{WakeupRequest.__name__}"
    }
