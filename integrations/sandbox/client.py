"""The sandbox's controls from Python, one method each. A wrong request raises `requests.HTTPError`."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

import requests

DeskName = Literal["zendesk", "freshdesk"]
Speaker = Literal["customer", "agent", "third_party", "auto", "rule"]


class Sandbox:
    """A client of one sandbox. `address` is where it listens, e.g. "http://127.0.0.1:8800"."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def base(self, desk: DeskName) -> str:
        """Returns the address to give an adapter in place of the product's own."""
        return f"{self.address}/{desk}"

    def account(self, name: str) -> "Sandbox":
        """Returns another account of each product on the same server, with its own tickets, limits and webhooks."""
        return Sandbox(f"{self.address}/accounts/{name}")

    def ready(self, seconds: float = 10.0) -> bool:
        """Waits up to `seconds` until the sandbox answers; returns whether it does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                return bool(self.health()["ok"])
            except requests.ConnectionError:
                time.sleep(0.05)
        return False

    def health(self) -> dict[str, Any]:
        """Returns {"ok", "tickets": tickets per desk, "webhooks_idle"}."""
        return self._ask("GET", "/health")

    def reset(self) -> None:
        """Empties both desks and everything else."""
        self._ask("POST", "/reset")

    def settings(
        self,
        *,
        retry_scale: float | None = None,
        timeout_s: float | None = None,
        incremental_lag_s: int | None = None,
        limits: Mapping[DeskName, Mapping[str, int]] | None = None,
    ) -> None:
        """Changes settings. `limits`: {"zendesk": {"calls": 700, "updates": 100, "per_ticket": 30, "incremental":
        10}, "freshdesk": {"calls": 200, "updates": 80, "lists": 20}}; 0 means none."""
        self._ask("POST", "/settings", retry_scale=retry_scale, timeout_s=timeout_s, limits=limits,
                  incremental_lag_s=incremental_lag_s)  # fmt: skip

    def credentials(self, desk: DeskName, keys: Sequence[str]) -> None:
        """Replaces the accepted credentials: "email/token:KEY" or "oauth:TOKEN" for Zendesk, API keys for Freshdesk."""
        self._ask("POST", f"/{desk}/credentials", keys=list(keys))

    def rows(self, desk: DeskName, kind: str, *rows: Mapping[str, Any]) -> None:
        """Adds rows to a small list of the account: Zendesk's brands, macros, ticket_fields and triggers."""
        self._ask("POST", f"/{desk}/rows", kind=kind, rows=[dict(row) for row in rows])

    def webhook(self, desk: DeskName, url: str, secret: str, **more: str) -> str:
        """Sends every change to `url`, and returns the webhook's id. Freshdesk takes `header` (X-Klark-Secret) or
        `username`, and `body`."""
        return str(self._ask("POST", f"/{desk}/webhook", url=url, secret=secret, **more)["id"])

    def ticket(
        self,
        desk: DeskName,
        *,
        subject: str = "Question",
        body_html: str | None = None,
        body: str | None = None,
        requester: Mapping[str, str] | None = None,
        webhook: bool = True,
        **more: Any,
    ) -> int:
        """Opens a ticket, and returns its id. More: cc, channel, language, tags, headers, history, status, parent_id, as, …"""
        sent = {"subject": subject, "body_html": body_html, "body": body, "requester": requester, "webhook": webhook}
        return int(self._ask("POST", f"/{desk}/tickets", **sent, **more)["id"])

    def person(self, desk: DeskName, email: str, fields: Mapping[str, Any],
               organization: Mapping[str, Any] | None = None) -> int:  # fmt: skip
        """Sets a user's fields, and those of their organization ({name, fields}); returns the user's id."""
        return int(
            self._ask("POST", f"/{desk}/people", email=email, fields=dict(fields), organization=organization)["id"]
        )

    def comment(
        self,
        desk: DeskName,
        ticket: int,
        body_html: str,
        *,
        by: Speaker = "customer",
        public: bool = True,
        author: Mapping[str, str] | None = None,
        webhook: bool = True,
        **more: Any,
    ) -> int:
        """Adds a comment to a ticket; returns the comment's id."""
        sent = {"as": by, "body_html": body_html, "public": public, "author": author, "webhook": webhook, **more}
        return int(self._ask("POST", f"/{desk}/tickets/{ticket}/comments", **sent)["id"])

    def change(self, desk: DeskName, ticket: int, **fields: Any) -> None:
        """Changes a ticket as an agent, or as `actor_id`: status, priority, assignee ("agent" or an id), group_id, tags, cc,
        requester, satisfaction, deleted, merged_into, webhook."""
        self._ask("POST", f"/{desk}/tickets/{ticket}", **fields)

    def stored(self, desk: DeskName, ticket: int) -> dict[str, Any]:
        """Returns the whole ticket as stored, its comments with their real writers (`by`)."""
        return self._ask("GET", f"/tickets/{desk}/{ticket}")

    def articles(self, desk: DeskName, articles: Sequence[Mapping[str, Any]]) -> list[int]:
        """Loads help centre articles {id, title, body_html, language, category, section, draft, updated}; returns their ids."""
        return cast("list[int]", self._ask("POST", f"/{desk}/articles", articles=list(articles))["ids"])

    def change_article(self, desk: DeskName, article: int, **fields: Any) -> int:
        """Changes an article's fields; returns how many texts changed."""
        return int(self._ask("POST", f"/{desk}/articles/{article}", **fields)["changed"])

    def drop_article(self, desk: DeskName, article: int) -> int:
        """Deletes an article; returns how many texts were deleted."""
        return int(self._ask("DELETE", f"/{desk}/articles/{article}")["deleted"])

    def resend(self, desk: DeskName, ticket: int, times: int = 1) -> int:
        """Sends the ticket's last webhook again, byte for byte; returns how many were queued."""
        return int(self._ask("POST", f"/{desk}/webhooks/resend", ticket=ticket, times=times)["queued"])

    def hold(self, desk: DeskName) -> None:
        """Holds this desk's webhooks back from now on."""
        self._ask("POST", f"/{desk}/webhooks/hold", on=True)

    def release(self, desk: DeskName, order: Literal["forward", "reverse"] | Sequence[int] = "forward") -> int:
        """Sends the webhooks held back, or only those in these places among them; returns how many."""
        return int(self._ask("POST", f"/{desk}/webhooks/release", order=order)["released"])

    def fault(self, kind: str, **more: Any) -> None:
        """Makes the next matching call fail: desk, method, path (regex), times, skip, status, seconds, apply, …"""
        self._ask("POST", "/faults", kind=kind, **more)

    def faults(self) -> list[dict[str, Any]]:
        """Returns the faults still to come."""
        return cast("list[dict[str, Any]]", self._ask("GET", "/faults")["faults"])

    def clear_faults(self) -> None:
        """Removes all faults and races; held calls continue."""
        self._ask("DELETE", "/faults")

    def release_hooks(self, name: str = "") -> int:
        """Lets held calls continue; returns how many were waiting."""
        return int(self._ask("POST", "/faults/release", name=name)["released"])

    def race(
        self, desk: DeskName, ticket: int, on: Literal["fetch", "write"], by: Speaker = "agent", **more: Any
    ) -> None:
        """Makes somebody act just after the `nth` GET (of `part`: "comments", …), or just before a write."""
        self._ask("POST", "/races", desk=desk, ticket=ticket, on=on, **{"as": by, **more})

    def writes(self, desk: DeskName | None = None, ticket: int | None = None) -> list[dict[str, Any]]:
        """Returns every write received, in order."""
        rows = cast("list[dict[str, Any]]", self._ask("GET", "/writes")["writes"])
        return [row for row in rows if desk in (None, row["desk"]) and ticket in (None, row["ticket"])]

    def webhooks(self, desk: DeskName | None = None, tickets: Sequence[int] = ()) -> list[dict[str, Any]]:
        """Returns every webhook, or those of some tickets, in order of creation, with its attempts, last status and state."""
        path = f"/webhooks?tickets={','.join(map(str, tickets))}"
        rows = cast("list[dict[str, Any]]", self._ask("GET", path)["webhooks"])
        return [row for row in rows if desk in (None, row["desk"])]

    def settled(self, seconds: float = 10.0) -> bool:
        """Waits up to `seconds` until no webhook is due, held or on its way; returns whether that is so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.health()["webhooks_idle"]:
                return True
            time.sleep(0.02)
        return False

    def _ask(self, method: str, path: str, /, **sent: Any) -> dict[str, Any]:
        body = {name: value for name, value in sent.items() if value is not None or name == "assignee"}
        answer = self._session.request(method, f"{self.address}/_sandbox{path}", json=body, timeout=30)
        if not answer.ok:
            raise requests.HTTPError(f"{method} {path}: {answer.status_code} {answer.text}", response=answer)
        return cast("dict[str, Any]", answer.json())
