"""Sets klark up in Freshdesk: two automation rules that call a webhook, by API if the account accepts them.

If every form of a rule is rejected, or one is created without its action, a person gets a recipe.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from integrations.errors import Gone, IntegrationError, Refused
from integrations.helpdesks.base import Account
from integrations.helpdesks.freshdesk import shapes
from integrations.helpdesks.freshdesk.addressing import MAILBOXES
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.freshdesk.rules import FIRST_ONLY, RULES, call_of, fits, recipe, rule, ways
from integrations.helpdesks.setup import Extras, KeepSecret, Seat, Wiring, allowed
from integrations.helpdesks.untrusted_input import mapping, mappings, name_of, number, whole, words
from integrations.http_failures import server_time

CLOSED, LOW, PORTAL = 5, 1, 2
PAGES = 20
_NO_WEBHOOK = "Freshdesk takes no rule that calls a webhook"


class FreshdeskSetup:
    """Sets up one account; implements `Installer`."""

    def __init__(self, account: Account) -> None:
        self.desk = Freshdesk(account)
        self.api = f"{self.desk.home}/api/v2"
        self.session = self.desk.session

    def seat(self) -> Seat:
        """Returns the agent behind the API key, and what it lacks; see `Installer.seat`."""
        try:
            answer = self.session.get(f"{self.api}/agents/me")
        except Gone as error:  # no ticket was requested
            raise Refused(f"{self.desk.home} is not known as a Freshdesk: check the domain") from error
        raw = mapping(answer.json())
        me = shapes.agent(raw)
        if number(me.id) is None:
            raise Refused("Freshdesk does not say which agent this key belongs to")
        missing = tuple(told for fails, told in _SEAT if fails(raw))
        cautions = tuple(told for warns, told in _CAUTIONS if warns(raw))
        if words(raw.get("signature")).strip():
            cautions += (_SIGNED,)
        if not (missing or allowed(lambda: self.session.get(f"{self.api}{MAILBOXES}"))):
            cautions += (_NO_MAILBOXES,)
        return Seat(me, missing, cautions, self._assigned(me.id), at=server_time(answer), brands=self._products())

    def _products(self) -> Mapping[str, str]:
        with suppress(IntegrationError):
            listed = mappings(self.session.get(f"{self.api}/products", params={"per_page": "100"}).json())
            return {name_of(raw.get("id")): words(raw.get("name")) for raw in listed}
        return {}

    def arrange(self, address: str, secret: str, keep: KeepSecret, *, only_show: bool = False) -> Wiring:
        """Creates or repairs the two rules, or returns the recipe; see `Installer.arrange`."""
        try:
            lacking = {kind: self._rule(kind, address) for kind in RULES}
        except Refused:
            lacking = None
        if only_show:
            return Wiring(_lacking(lacking, address, secret))
        keep(secret)
        if lacking is None:
            return Wiring(by_hand=recipe(address, secret))
        made: list[str] = []
        try:
            done = tuple(told for kind in RULES for told in self._settle(kind, lacking[kind], address, secret, made))
            return Wiring(done, cautions=(FIRST_ONLY,) if done else ())
        except Refused:
            self._take_back(made)
            return Wiring(by_hand=recipe(address, secret))

    def furnish(self, extras: Extras, *, only_show: bool = False) -> tuple[str, ...]:
        """Creates the group; ticket fields can only be added by hand; see `Installer.furnish`."""
        told = [f"make the ticket field “{name}” by hand: Admin → Ticket Fields" for name in extras.fields]
        if not extras.group or extras.group in self.desk.groups():
            return tuple(told)
        if only_show:
            return (f"would make the group “{extras.group}”", *told)
        made = mapping(self.session.post(f"{self.api}/groups", json={"name": extras.group}).json())
        return (f"made the group “{extras.group}” (id {name_of(made.get('id'))})", *told)

    def ring(self, address: str) -> str:
        """Creates a closed ticket from klark to itself and deletes it at once, since the rules run on real tickets only."""
        asked = {"email": self.desk.whoami().email, "subject": "klark: connection test", "status": CLOSED,
                 "priority": LOW, "source": PORTAL, "tags": ["klark-test"],
                 "description": "klark makes sure that Freshdesk tells it of tickets."}  # fmt: skip
        made = mapping(self.session.post(f"{self.api}/tickets", json=asked).json())
        known = number(made.get("id"))
        if known is None:
            return ""
        try:
            self.session.delete(f"{self.api}/tickets/{known}")
        except Refused:
            return f"klark may not delete the test ticket {known}: delete it there by hand"
        return ""

    def remove(self, address: str) -> tuple[str, ...]:
        """Deletes klark's rules; see `Installer.remove`."""
        done = []
        for kind, (title, _) in RULES.items():
            for raw in self._listed(kind):
                if call_of(raw, address) is not None:
                    self.session.delete(f"{self.api}/automations/{kind}/rules/{name_of(raw.get('id'))}")
                    done.append(f"removed the rule “{title}”")
        return tuple(done)

    def _settle(
        self, kind: str, found: Mapping[str, Any] | None, address: str, secret: str, made: list[str]
    ) -> tuple[str, ...]:
        """Returns what was done; the URL of a newly created rule is appended to `made`."""
        title, url = RULES[kind][0], f"{self.api}/automations/{kind}/rules"
        if found is None:
            made.append(self._make(url, rule(kind, address, secret), address))
            return (f"made the rule “{title}”",)
        if fits(found, address, secret):
            return ()
        self._mend(f"{url}/{name_of(found.get('id'))}", rule(kind, address, secret), address)
        return (f"mended the rule “{title}”",)

    def _make(self, url: str, wanted: Mapping[str, Any], address: str) -> str:
        """Creates the rule in the first form of `_ways` that is accepted and keeps its webhook. A rule without it is
        deleted again, since nothing would identify it later."""
        for way in ways(wanted):
            with suppress(Refused):
                raw = mapping(self.session.post(url, json=way).json())
                if call_of(raw, address) is not None:
                    return f"{url}/{name_of(raw.get('id'))}"
                self.session.delete(f"{url}/{name_of(raw.get('id'))}")
        raise Refused(_NO_WEBHOOK)

    def _mend(self, url: str, wanted: Mapping[str, Any], address: str) -> None:
        for way in ways(wanted):
            with suppress(Refused):
                if call_of(mapping(self.session.put(url, json=way).json()), address) is not None:
                    return
        raise Refused(_NO_WEBHOOK)

    def _take_back(self, made: list[str]) -> None:
        """Deletes the rules just created. A rule that existed before stays: a person may have made it from the
        recipe, and it may work."""
        for url in made:
            with suppress(Refused):
                self.session.delete(url)

    def _rule(self, kind: str, address: str) -> Mapping[str, Any] | None:
        return next((raw for raw in self._listed(kind) if call_of(raw, address) is not None), None)

    def _listed(self, kind: str) -> list[Mapping[str, Any]]:
        """Returns all rules of a kind. The manual mentions no pages here: another one is fetched if the response
        links to it."""
        url, found = f"{self.api}/automations/{kind}/rules", list[Mapping[str, Any]]()
        for page in range(1, PAGES + 1):
            answer = self.session.get(url, params={"page": str(page)} if page > 1 else {})
            found += mappings(answer.json())
            if 'rel="next"' not in answer.headers.get("Link", ""):
                break
        return found

    def _assigned(self, user_id: str) -> int | None:
        try:
            found = self.session.get(f"{self.api}/search/tickets", params={"query": f'"agent_id:{user_id}"'}).json()
        except IntegrationError:
            return None
        return whole(mapping(found).get("total"))


def _lacking(found: Mapping[str, Mapping[str, Any] | None] | None, address: str, secret: str) -> tuple[str, ...]:
    if found is None:
        return ("would print a recipe: this account takes automation rules from a person only",)
    told = [f"would make the rule “{RULES[kind][0]}”" for kind, raw in found.items() if raw is None]
    mend = [kind for kind, raw in found.items() if raw is not None and not fits(raw, address, secret)]
    return (*told, *(f"would mend the rule “{RULES[kind][0]}”" for kind in mend))


# Whether the API adds the signature to a reply is documented nowhere.
_SIGNED = (
    "This seat has a signature at Freshdesk. Look at klark's first reply: if it is signed twice, empty the seat's "
    "signature, or say on the connection's page that the helpdesk signs."
)
_NO_MAILBOXES = (
    "This seat may not see the support addresses (Admin → Email): a reply to a ticket that came to another address than the "
    "account's first one goes out from that first one, until a mail of the ticket shows its own."
)
Told = tuple[tuple[Callable[[Mapping[str, Any]], bool], str], ...]
_SEAT: Told = (
    (lambda raw: words(raw.get("type")) in {"collaborator", "field_agent"},
     "This seat may write notes only (a collaborator): klark needs a full agent's seat that may reply publicly."),
    (lambda raw: raw.get("deactivated") is True, "This seat is deactivated."),
)  # fmt: skip
_CAUTIONS: Told = (
    (lambda raw: raw.get("occasional") is True, "This is an occasional agent: without a day pass its replies fail."),
    (lambda raw: raw.get("ticket_scope") not in {None, 1}, "This seat sees only tickets of its own groups or its own."),
)  # fmt: skip
