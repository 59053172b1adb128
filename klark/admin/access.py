"""Decides who may see and do what in the admin: a user's power at each tenant, and the transaction that shows only these.

Row-level security hides every tenant's rows outside `within`, so each admin request runs, and its template renders, inside
it. A page that forgets to check access then shows too little, never too much.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import TypeVar, cast

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from klark.admin.accounts.second_factor import lacks_second_factor, sets_one_up
from klark.admin.session_age import end_or_renew
from klark.models import EVERY_TENANT, Actor, AuditAct, Membership, Tenant, record_login, within

Row = TypeVar("Row", bound=Model)


class Power(IntEnum):
    """What somebody may do. OWN is for superusers: managing tenants and users."""

    SEE = 1
    REVIEW = 2
    LEAD = 3
    OPERATE = 4
    OWN = 5


ROLES = tuple(Membership.Role)
ROLE_TABLE: Mapping[Power, tuple[str, tuple[bool, bool, bool, bool]]] = {
    # what it is, and whether a viewer, an agent, a lead and an operator may do it
    Power.SEE: ("see the overview, the queue, the drafts and the decisions", (True, True, True, True)),
    Power.REVIEW: (
        "approve, edit, reject, draft again, hand over, take and snooze a draft; correct its topic",
        (False, True, True, True),
    ),
    Power.LEAD: (
        "change policy, topics and knowledge; accept suggestions; ask klark; see gaps, accept articles drafted from them; see "
        "checks of judges; give out and erase a person's data; see the audit chain; stop klark and release it",
        (False, False, True, True),
    ),
    Power.OPERATE: (
        "connect helpdesks; make API tokens and outgoing webhooks; see events, deliveries and whether all is well; try parked "
        "ones again",
        (False, False, False, True),
    ),
    Power.OWN: ("make tenants and users: superusers alone", (False, False, False, False)),
}
"""The roles as a table, one row an act: docs/operator.md shows it, and each cell is tested. Whether an operator may approve is
the last cell of REVIEW."""
POWERS: Mapping[str, frozenset[Power]] = {
    role: frozenset(power for power, (_, cells) in ROLE_TABLE.items() if cells[place])
    for place, role in enumerate(ROLES)
}


@dataclass(frozen=True, slots=True)
class Access:
    """What one user may do: everything, or some powers at each of some tenants, keyed by tenant id."""

    everywhere: bool = False
    powers: Mapping[int, frozenset[Power]] = field(default_factory=lambda: MappingProxyType({}))

    def may(self, power: Power, tenant_id: int | None = None) -> bool:
        """Returns whether the user has `power` at this tenant, or at any tenant if `tenant_id` is None."""
        if self.everywhere:
            return True
        return bool(self.tenants(power)) if tenant_id is None else power in self.powers.get(tenant_id, ())

    def tenants(self, power: Power) -> list[int]:
        """Returns the ids of the tenants at which the user has `power`; meaningless if the user may do everything."""
        return [tenant for tenant, held in self.powers.items() if power in held]

    def has_several_tenants(self) -> bool:
        """Returns whether the user sees more than one tenant."""
        return Tenant.objects.count() > 1 if self.everywhere else len(self.powers) > 1

    def scope(self, rows: QuerySet[Row], power: Power, column: str = "tenant_id") -> QuerySet[Row]:
        """Returns the rows of the tenants at which the user has `power`. `column` is the one with the tenant's id."""
        return rows if self.everywhere else rows.filter(**{f"{column}__in": self.tenants(power)})

    def visible(self) -> tuple[int | str, ...]:
        """Returns the arguments for `within`."""
        return (EVERY_TENANT,) if self.everywhere else tuple(self.powers)


class AdminRequest(HttpRequest):
    """A request that has passed the middleware `TenantAccess`. For type checkers only."""

    access: Access


def access_of(request: HttpRequest) -> Access:
    """Returns what the user of an admin request may do."""
    return cast("AdminRequest", request).access


def chosen_tenant(request: HttpRequest, power: Power) -> tuple[Tenant, list[Tenant]]:
    """Returns the tenant that the user has chosen, or the first, and all at which the user has `power`. Raises PermissionDenied
    without one."""
    tenants = list(access_of(request).scope(Tenant.objects.all(), power, "pk"))
    if not tenants:
        raise PermissionDenied
    return remember_tenant(request, tenants) or tenants[0], tenants


def remember_tenant(request: HttpRequest, tenants: Iterable[Tenant]) -> Tenant | None:
    """Returns which of these tenants the address names, and remembers it for the pages that are opened next; else the one that an
    address named last, if any did."""
    by_slug = {each.slug: each for each in tenants}
    named, kept = request.GET.get("tenant", ""), request.session.get("tenant", "")
    if named in by_slug and named != kept:
        request.session["tenant"] = named
    return by_slug.get(named) or by_slug.get(kept)


def posted_tenant(request: HttpRequest, power: Power) -> Tenant:
    """Returns the tenant that is posted. Raises PermissionDenied unless the user has `power` at it."""
    tenants = access_of(request).scope(Tenant.objects.all(), power, "pk")
    found = next((each for each in tenants if each.slug == request.POST.get("tenant")), None)
    if found is None:
        raise PermissionDenied
    return found


def posted_number(request: HttpRequest, name: str) -> int:
    """Returns the number that is posted under this name; 0, which no row has, for what is none."""
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def access_for(user: User | AnonymousUser) -> Access:
    """Reads a user's memberships. Their table has no row-level security, because they decide what that security shows."""
    if not user.is_authenticated or not user.is_active:
        return Access()
    if user.is_superuser:
        return Access(everywhere=True)
    roles = Membership.objects.filter(user_id=user.pk).values_list("tenant_id", "role")
    return Access(powers={tenant: POWERS[role] for tenant, role in roles})


def actor(request: HttpRequest) -> Actor:
    """Returns the user of a request, as the audit chain names one."""
    return Actor(request.user.pk, request.user.get_username())


def record_change(request: HttpRequest, before: User | AnonymousUser) -> None:
    """Records who logged out, and who logged in by what, if a request began as one user and ended as another."""
    now = request.user
    if now.pk == before.pk:
        return
    if before.is_authenticated:
        record_login(before, AuditAct.LOGGED_OUT)
    if now.is_authenticated:
        records = get_authentication_records(request, now)
        record_login(now, AuditAct.LOGGED_IN, steps=[step.get("type", step["method"]) for step in records])


class Undone(Exception):
    """The view failed: rolls the transaction back while the response is still sent."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


class Slow(HttpResponse):
    """A page that waits for a model: `makes` returns what is on it once the request's transaction has ended, so that no
    connection to the database, and no lock, is held meanwhile."""

    def __init__(self, makes: Callable[[], str]) -> None:
        super().__init__()
        self.makes = makes


class TenantAccess:
    """Middleware for after authentication: each request to the admin sees only its user's tenants.

    Templates are rendered by the innermost handler, so inside the transaction. Django has turned a view's exception into a
    response with status 500 before it gets here, so that status rolls the transaction back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.inner = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handles one request. A user who lacks a second factor that klark asks for sees nothing but the pages to set one up."""
        if not request.path.startswith(reverse("admin:index")):
            return self.inner(request)
        before = request.user
        if before.is_authenticated:
            end_or_renew(request)
        lacking = lacks_second_factor(request)
        if lacking and not sets_one_up(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        access = cast("AdminRequest", request).access = Access() if lacking else access_for(request.user)
        if not before.is_authenticated:  # there is nothing to see, and a login may wait for another server
            answer = self.inner(request)
            record_change(request, before)
            return answer
        try:
            with within(*access.visible()):
                answer = self._answer(request, before)
        except Undone as undone:
            return undone.answer
        if isinstance(answer, Slow):
            answer.content = answer.makes()
        return answer

    def _answer(self, request: HttpRequest, before: User | AnonymousUser) -> HttpResponse:
        answer = self.inner(request)
        if answer.status_code >= 500:
            raise Undone(answer)
        record_change(request, before)
        return answer
