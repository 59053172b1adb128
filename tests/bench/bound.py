"""How many tickets a second could be done at most: nothing but what each needs from others, by as many threads as a worker has.

The requests to the stand-ins that klark makes for a ticket (it reads it, reads it again before it writes, and writes a note),
the passes of the two small models, four INSERTs as large as what the database grew by, and, where there is a language model,
the seconds that it takes. No decision, no check, no draft.
"""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import local

import psycopg
import requests

from guardrails.text.sentences import split_sentences
from klark.demo.seed import BOTH
from klark.knowledge.embedding import topic_vectors
from klark.models import Connection, WebhookEvent, within
from klark.triage.model import vectors
from tests.bench.bare import TABLE
from tests.bench.burst import Scene

MOST = 500
TEXT = "How long does delivery to Belgium take? I would like to know before Friday. Thank you."
NOTE = "<p>Delivery to Belgium takes 3 to 5 working days.</p>" * 10
AUTHORS = {"zendesk": ("klark@example.com/token", "sandbox-token"), "freshdesk": ("sandbox-key", "X")}
INSERTS = 4


@dataclass(frozen=True)
class Needs:
    """What one ticket takes besides requests and passes: KiB in the database, seconds of the language model."""

    kib: float
    model_s: float
    own: local = field(default_factory=local)

    def meet(self, desk: str, address: str, ticket: str) -> None:
        """Does all of one ticket."""
        ask = self._session(desk)
        for _ in range(2):
            _read(ask, desk, f"{address}/api/v2/tickets/{ticket}")
        _write(ask, desk, f"{address}/api/v2/tickets/{ticket}")
        vectors([TEXT, *split_sentences(TEXT, "en")])
        for _ in ("the topic", "the search"):
            topic_vectors([TEXT])
        for _ in range(INSERTS):
            self._database().execute("INSERT INTO bare (body) VALUES (%s)", [os.urandom(int(256 * self.kib))])
        time.sleep(self.model_s)

    def _session(self, desk: str) -> requests.Session:
        if not hasattr(self.own, desk):
            session = requests.Session()
            session.trust_env, session.auth = False, AUTHORS[desk]
            setattr(self.own, desk, session)
        kept: requests.Session = getattr(self.own, desk)
        return kept

    def _database(self) -> psycopg.Connection[tuple[object, ...]]:
        if not hasattr(self.own, "database"):
            self.own.database = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
        kept: psycopg.Connection[tuple[object, ...]] = self.own.database
        return kept


def per_s(scene: Scene, kib: float, model_s: float, threads: int) -> float:
    """Returns the tickets a second, from at most MOST of those that the burst had."""
    for stand_in in scene.accounts:
        for desk in BOTH:
            stand_in.hold(desk)  # klark rests
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(TABLE)
    needs, tickets = Needs(kib, model_s), _tickets(scene)
    needs.meet(*tickets[0])  # warms
    start = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(partial(needs.meet, *each)) for each in tickets]:
            done.result()
    return len(tickets) / (time.monotonic() - start)


def _tickets(scene: Scene) -> Sequence[tuple[str, str, str]]:
    with within(scene.seeded.tenant_id):
        places = {row.pk: (row.helpdesk, row.address) for row in Connection.objects.all()}
        pairs = (
            WebhookEvent.objects.order_by("connection", "ticket_id").values_list("connection", "ticket_id").distinct()
        )
        return [(*places[connection], ticket) for connection, ticket in pairs[:MOST]]


def _read(ask: requests.Session, desk: str, ticket: str) -> None:
    comments = "comments" if desk == "zendesk" else "conversations"
    for address in (ticket, f"{ticket}/{comments}"):
        ask.get(address, timeout=10).raise_for_status()


def _write(ask: requests.Session, desk: str, ticket: str) -> None:
    if desk == "zendesk":
        sent = ask.put(ticket, json={"ticket": {"comment": {"html_body": NOTE, "public": False}}}, timeout=10)
    else:
        sent = ask.post(f"{ticket}/notes", json={"body": NOTE, "private": True}, timeout=10)
    sent.raise_for_status()
