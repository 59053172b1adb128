"""The stand-in Freshdesk's people: klark's agent, contacts and companies.

The functions in the table at the end take the world, the desk, the call and the path's groups, and return the
response.
"""

from integrations.sandbox.freshdesk import shapes
from integrations.sandbox.freshdesk.shapes import NOT_FOUND
from integrations.sandbox.records import KLARK_ID, Desk
from integrations.sandbox.routing import Call, DeskAnswer, Route
from integrations.sandbox.world import World


def me(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Returns the agent whose key the call has: klark."""
    return DeskAnswer(200, shapes.agent(desk.users[KLARK_ID]))


def contact(world: World, desk: Desk, call: Call, user_id: str) -> DeskAnswer:
    """Returns a contact; 404 for an agent's id."""
    user = desk.users.get(int(user_id))
    return DeskAnswer(200, shapes.contact(user)) if user and user.role == "end-user" else NOT_FOUND


def company(world: World, desk: Desk, call: Call, number: str) -> DeskAnswer:
    """Returns a company, with the values of the admin's own fields."""
    record = desk.organizations.get(int(number))
    return DeskAnswer(200, shapes.company(record)) if record else NOT_FOUND


API = r"/api/v2"
PEOPLE_ROUTES = (
    Route("GET", rf"{API}/agents/me", me),
    Route("GET", rf"{API}/contacts/(\d+)", contact),
    Route("GET", rf"{API}/companies/(\d+)", company),
)
