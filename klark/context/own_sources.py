"""What a reply may rest on besides the tenant's articles: facts about the customer, and what colleagues answered before."""

from integrations.crm.base import Fact
from integrations.helpdesks.base import Ticket
from klark.context.colleagues import cited
from klark.context.customer_facts import as_found, customer_facts
from klark.models.ticket.loaded_event import Surroundings
from klark.values.passages import FoundArticle
from klark.values.recalled_tickets import Memory
from klark.values.tenant_settings import TenantSettings


def own_sources(
    ticket: Ticket, ours: TenantSettings, around: Surroundings | None, recalled: Memory, language: str | None
) -> tuple[tuple[Fact, ...], tuple[FoundArticle, ...]]:
    """Returns the facts, and both kinds as passages. Without `around`, as in a trial, nobody is asked for facts."""
    facts = customer_facts(ours.tenant_id, ours.rules.crm, ticket, around.desk) if around else ()
    answers = cited(ours.rules, recalled.alike, language, ours.as_of)
    return facts, (*as_found(facts, language or "en"), *answers)
