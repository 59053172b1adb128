"""What a tenant's CRM, and the helpdesk's own fields, know of the requester. They are queried only where the writer is
the requester beyond doubt and nobody is in copy. A source that does not answer leaves the card empty and stops nothing.
What a CRM answers is cached for a few minutes; that it did not answer is not."""

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.conf import settings

from guardrails.untrusted.clean import clean, looks_like_instruction
from integrations.crm import CRMS
from integrations.crm.base import CrmAccount, Fact
from integrations.crm.helpdesk_fields import desk_facts, wants_organization
from integrations.errors import IntegrationError
from integrations.helpdesks.base import Helpdesk, Ticket
from integrations.http.transports import Outbound
from klark.values.passages import FoundArticle, Section
from klark.values.requester_trust import is_asked_for
from klark.values.wording import value_words

log = structlog.get_logger(__name__)

FRESH_S = 300.0
MOST_KEPT = 1_000
KEY = "crm"
_KEPT: dict[tuple[int, str, str], tuple[float, tuple[Fact, ...]]] = {}
TITLES = {"en": "What is known of this customer", "fr": "Ce qui est connu de ce client"}


def customer_facts(
    tenant_id: int, crm: Mapping[str, Any], ticket: Ticket, desk: Helpdesk | None = None
) -> tuple[Fact, ...]:
    """Returns the facts on the requester, without any that reads like an instruction; () where they may not be queried.

    `crm` is klark.values.policy.rules.Rules.crm; `desk` is queried for its own fields.
    """
    if not crm or not is_asked_for(ticket):
        return ()
    found = (*_by_address(tenant_id, crm, ticket.requester.email.strip().lower()), *_by_desk(crm, ticket, desk))
    return tuple(
        fact for fact in found if clean(fact.value)[0] == fact.value and not looks_like_instruction(fact.value)
    )


def _by_address(tenant_id: int, crm: Mapping[str, Any], email: str) -> tuple[Fact, ...]:
    if not crm.get("url") or not email:
        return ()
    place = (tenant_id, repr(sorted(crm.items(), key=str)), hashlib.sha256(email.encode(errors="replace")).hexdigest())
    kept = _KEPT.get(place)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    facts = _asked(tenant_id, crm, email)
    if facts is None:
        return ()
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[place] = time.monotonic() + FRESH_S, facts
    return facts


def _asked(tenant_id: int, crm: Mapping[str, Any], email: str) -> tuple[Fact, ...] | None:
    """Returns what the CRM knows; `None` if it does not answer."""
    account = CrmAccount(crm["url"], crm["facts"], signing_key(tenant_id, crm["url"]).encode(),
                         Outbound(private=settings.KLARK_PRIVATE_CRM_HOSTS))  # fmt: skip
    try:
        return tuple(CRMS[crm.get("kind", "json")](account).lookup(email))
    except IntegrationError as error:
        log.warning("the CRM gave no facts", tenant=tenant_id, why=str(error))
        return None


def _by_desk(crm: Mapping[str, Any], ticket: Ticket, desk: Helpdesk | None) -> tuple[Fact, ...]:
    """Reads the fields each time, like the ticket itself: an agent may just have changed them."""
    wanted = crm.get("helpdesk")
    if not wanted or desk is None:
        return ()
    try:
        return desk_facts(desk.profile(ticket, wants_organization(wanted)), wanted)
    except IntegrationError as error:
        log.warning("the helpdesk's own fields gave no facts", ticket=ticket.id, why=str(error))
        return ()


def signing_key(tenant_id: int, url: str) -> str:
    """Returns the hexadecimal key that requests to this URL are signed with, different for each tenant and each URL."""
    return hmac.new(settings.SECRET_KEY.encode(), f"crm {tenant_id} {url}".encode(), hashlib.sha256).hexdigest()


def as_found(facts: Sequence[Fact], language: str) -> tuple[FoundArticle, ...]:
    """Returns the facts as a passage that a reply to this requester may rest on; it is masked before any model reads it."""
    if not facts:
        return ()
    title = TITLES.get(language, TITLES["en"])
    sentences = tuple(f"{fact.name}: {value_words(fact.value, fact.kind, language)}." for fact in facts)
    return (FoundArticle(0, KEY, 0, title, "", language, (Section("", sentences),), personal=True),)
