"""A company's own program, with a token, for the tests of the API."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from klark.models import ApiToken, within

EVERY_SCOPE = tuple(ApiToken.Scope.values)
HOME = "/api/v1/"


class Program:
    """What a program asks and is answered. `token` is what it sends."""

    def __init__(self, tenant_id: int, scopes: Sequence[str] = EVERY_SCOPE, **more: Any) -> None:
        row = ApiToken(tenant_id=tenant_id, scopes=list(scopes),
                       **{"name": "night shift", "expires_at": datetime.now(UTC) + timedelta(days=1), **more})  # fmt: skip
        self.token = row.draw()
        with within(tenant_id):
            row.save()
        self.client = Client(headers={"authorization": f"Bearer {self.token}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(HOME + path, query)

    def post(self, path: str, body: Mapping[str, Any] | None = None, **headers: str) -> Any:
        return self.client.post(HOME + path, body or {}, "application/json", headers=headers)

    def ids(self, path: str, **query: Any) -> list[Any]:
        """The ids on a page."""
        return [row["id"] for row in self.get(path, **query).json()["results"]]
