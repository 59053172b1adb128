"""A lease outlives what a run may wait for: the sum that klark/models/work_queue.py speaks of."""

from pytest_django import Settings

from integrations.crm.json_over_http import CONNECT_S, READ_S
from integrations.embeddings.base import EmbeddingAccount
from integrations.http.transports import Outbound
from integrations.llms.base import ModelAccount
from klark.models.work_queue import LEASE_S, MODEL_REQUESTS, MODEL_S, lease_s

REQUEST_S = Outbound().read_s
REQUEST_OF_A_MODEL_S = ModelAccount("invented", "", "", Outbound()).timeout_s
WAITS = {
    "the ticket and its comments": 2 * REQUEST_S,
    "the ticket before it": 2 * REQUEST_S,
    "the requester's and the organization's fields": 2 * REQUEST_S,
    "the CRM": CONNECT_S + READ_S,
    "a second reading of the ticket, the draft, and a judge's two readings": MODEL_REQUESTS * MODEL_S,
    "the triage model": EmbeddingAccount().timeout_s,
    "the model that tells topics apart": EmbeddingAccount().timeout_s,
}


def test_a_lease_outlives_what_one_run_may_wait_for() -> None:
    assert sum(WAITS.values()) < LEASE_S


def test_nothing_that_is_waited_for_takes_half_of_it() -> None:
    assert max(WAITS.values()) < LEASE_S / 2


def test_the_time_for_a_model_is_that_of_its_account() -> None:
    assert MODEL_S == REQUEST_OF_A_MODEL_S


def test_a_model_that_may_take_longer_makes_the_lease_longer(settings: Settings) -> None:
    found = []
    for settings.KLARK_MODEL_SECONDS in (10, 40, 300):
        found.append(lease_s())
    assert found == [LEASE_S, LEASE_S, LEASE_S + 1040]
