"""Who may see and do what in the admin: a user's power at each tenant, and the transaction that shows only those.

Row-level security hides every tenant's rows outside `within`, so each admin request of a user runs, and renders,
inside it: a page that forgets to ask shows too little, never too much.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import TypeVar, cast

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from klark.models import EVERY_TENANT, Membership, within

Row = TypeVar("Row", bound=Model)


class Power(IntEnum):
    """What a role may do; each includes those before it. OWN is a superuser's: tenants and users."""

    REVIEW = 1
    LEAD = 2
    OPERATE = 3
    OWN = 4


POWERS: Mapping[str, Power] = {
    Membership.Role.AGENT: Power.REVIEW,
    Membership.Role.LEAD: Power.LEAD,
    Membership.Role.OPERATOR: Power.OPERATE,
}


@dataclass(frozen=True, slots=True)
class Access:
    """What one user may do: everything, or a power at each of some tenants (by their ids)."""

    everywhere: bool = False
    powers: Mapping[int, Power] = field(default_factory=lambda: MappingProxyType({}))

    def may(self, power: Power, tenant_id: int | None = None) -> bool:
        """Whether the user has `power` at this tenant, or at any where none is named."""
        if self.everywhere:
            return True
        held = self.powers.values() if tenant_id is None else [self.powers.get(tenant_id, 0)]
        return any(each >= power for each in held)

    def tenants(self, power: Power) -> list[int]:
        """The tenants at which the user has `power`; of no use where everything is allowed."""
        return [tenant for tenant, held in self.powers.items() if held >= power]

    def scope(self, rows: QuerySet[Row], power: Power, column: str = "tenant_id") -> QuerySet[Row]:
        """Those rows whose tenant gives the user `power`."""
        return rows if self.everywhere else rows.filter(**{f"{column}__in": self.tenants(power)})

    def visible(self) -> tuple[int | str, ...]:
        """What `within` takes."""
        return (EVERY_TENANT,) if self.everywhere else tuple(self.powers)


class AdminRequest(HttpRequest):
    """A request that came through `TenantAccess`."""

    access: Access


def access_of(request: HttpRequest) -> Access:
    """What the user of an admin request may do."""
    return cast("AdminRequest", request).access


def access_for(user: User | AnonymousUser) -> Access:
    """Read a user's memberships. They are bound by no row-level security: they decide what that security shows."""
    if not user.is_authenticated or not user.is_active:
        return Access()
    if user.is_superuser:
        return Access(everywhere=True)
    roles = Membership.objects.filter(user_id=user.pk).values_list("tenant_id", "role")
    return Access(powers={tenant: POWERS[role] for tenant, role in roles})


class Undone(Exception):
    """The view failed: leave the transaction without keeping anything, and still give the answer."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


class TenantAccess:
    """Middleware, after authentication: each request under the admin sees its user's tenants and no other.

    Templates are rendered by the innermost handler, so inside; Django has turned a view's exception into a 500 by the
    time it is seen here, so that is what undoes the transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.inner = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        if not request.path.startswith(reverse("admin:index")):
            return self.inner(request)
        access = cast("AdminRequest", request).access = access_for(request.user)
        try:
            with within(*access.visible()):
                return self._answer(request)
        except Undone as undone:
            return undone.answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        answer = self.inner(request)
        if answer.status_code >= 500:
            raise Undone(answer)
        return answer
