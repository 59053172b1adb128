"""What a tenant's CRM knows of the requester: asked only where the one who wrote is the requester, in no doubt, and nobody is
in copy; kept for a few minutes, and never an obstacle: a CRM that does not answer leaves the card empty."""

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.conf import settings

from guardrails.clean import clean, looks_like_instruction
from integrations.crm import CRMS
from integrations.crm.base import CrmAccount, Fact
from integrations.errors import IntegrationError
from integrations.helpdesks.base import Ticket
from integrations.http import Outbound
from klark.steps.retrieve import Found
from klark.steps.trust import trust

log = structlog.get_logger(__name__)

ASKED_FOR = frozenset(
    {"verified", "known"}
)  # what is found is told to the verified alone; a person may tell it to the known
FRESH_S = 300.0
MOST_KEPT = 1_000
KEY = "crm"
_KEPT: dict[tuple[int, str, str], tuple[float, tuple[Fact, ...]]] = {}
TITLES = {"en": "What is known of this customer", "fr": "Ce qui est connu de ce client"}


def card(tenant_id: int, crm: Mapping[str, Any], ticket: Ticket) -> tuple[Fact, ...]:
    """Facts on the requester. `crm` is klark.models.rules.Rules.crm."""
    email = ticket.requester.email.strip().lower()
    if not crm or not email or trust(ticket).level not in ASKED_FOR:
        return ()
    place = (tenant_id, repr(sorted(crm.items(), key=str)), hashlib.sha256(email.encode(errors="replace")).hexdigest())
    kept = _KEPT.get(place)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    facts = _asked(tenant_id, crm, email)
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[place] = time.monotonic() + FRESH_S, facts
    return facts


def _asked(tenant_id: int, crm: Mapping[str, Any], email: str) -> tuple[Fact, ...]:
    account = CrmAccount(crm["url"], crm["facts"], signing_key(tenant_id, crm["url"]).encode(),
                         Outbound(private=settings.KLARK_PRIVATE_HOSTS))  # fmt: skip
    try:
        found = CRMS[crm.get("kind", "json")](account).lookup(email)
    except IntegrationError as error:
        log.warning("the CRM gave no facts", tenant=tenant_id, why=str(error))
        return ()
    return tuple(
        fact for fact in found if clean(fact.value)[0] == fact.value and not looks_like_instruction(fact.value)
    )


def signing_key(tenant_id: int, url: str) -> str:
    """What requests to this address are signed with: the tenant's own, and another for another address."""
    return hmac.new(settings.SECRET_KEY.encode(), f"crm {tenant_id} {url}".encode(), hashlib.sha256).hexdigest()


def as_found(facts: Sequence[Fact], language: str) -> tuple[Found, ...]:
    """The card as a passage that a reply to this requester may rest on; masked before any model reads it."""
    if not facts:
        return ()
    title = TITLES.get(language, TITLES["en"])
    sentences = tuple(f"{fact.name}: {fact.value}." for fact in facts)
    return (Found(0, 0, KEY, 0, title, "", language, sentences, 0.0, personal=True),)
