"""Freshdesk's solutions, canned replies, automation rules and some small lists.

The functions in the table at the end take the world, the desk, the call and the path's groups, and return the
response.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from integrations.sandbox import records
from integrations.sandbox.freshdesk import mail, shapes
from integrations.sandbox.freshdesk.shapes import NOT_FOUND, invalid
from integrations.sandbox.records import Article, Desk
from integrations.sandbox.routing import Call, DeskAnswer, Route
from integrations.sandbox.store import stamp
from integrations.sandbox.world import World
from integrations.sandbox.zendesk.guide import made_id

DEFAULT_LANGUAGE = "en"
RULE_KINDS = "134"  # 1 on creation, 3 by time, 4 on update


def _language(record: Article) -> str:
    return record.language.partition("-")[0].lower()


def _in(records: Iterable[Article], language: str | None) -> list[Article]:
    """Returns the articles in a language; without one, in the portal's own language, or the first that an article has."""
    if language:
        return [record for record in records if _language(record) == language.partition("-")[0].lower()]
    chosen: dict[int, Article] = {}
    for record in records:
        if record.id not in chosen or _language(record) == DEFAULT_LANGUAGE:
            chosen[record.id] = record
    return list(chosen.values())


def _shelf(number: int, name: str, **more: Any) -> dict[str, Any]:
    moment = stamp(records.now())
    return {"id": number, "name": name, "description": "", "created_at": moment, "updated_at": moment, **more}


def categories(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """The categories of solutions."""
    names = dict.fromkeys(record.category for record in _in(desk.articles.values(), None))
    return shapes.listed(call, [_shelf(made_id(name), name) for name in names])


def folders(world: World, desk: Desk, call: Call, category: str) -> DeskAnswer:
    """The top folders of a category."""
    inside = [r for r in _in(desk.articles.values(), None) if made_id(r.category) == int(category)]
    names = dict.fromkeys((r.category, r.section.partition("/")[0]) for r in inside)
    return shapes.listed(call, [_folder(desk, c, s) for c, s in names])


def _folder(desk: Desk, category: str, section: str) -> dict[str, Any]:
    """A section named "Guides/Inner" is a subfolder of "Guides"; a folder with articles for a user segment is not public."""
    below = _below(desk, category, section)
    restricted = any(
        r.user_segment_id for r in desk.articles.values() if (r.category, r.section) == (category, section)
    )
    return _shelf(
        made_id(category, section), section.rpartition("/")[2], visibility=3 if restricted else 1,
        category_id=made_id(category), sub_folders_count=len(below),
    )  # fmt: skip


def _below(desk: Desk, category: str, section: str) -> list[str]:
    names = dict.fromkeys(r.section for r in desk.articles.values() if r.category == category)
    return [name for name in names if name.startswith(f"{section}/")]


def subfolders(world: World, desk: Desk, call: Call, folder: str) -> DeskAnswer:
    """The folders inside a folder."""
    pairs = {(r.category, r.section.partition("/")[0]) for r in desk.articles.values()}
    found = [(c, name) for c, s in pairs if made_id(c, s) == int(folder) for name in _below(desk, c, s)]
    return shapes.listed(call, [_folder(desk, c, name) for c, name in found])


def articles(world: World, desk: Desk, call: Call, folder: str, language: str | None = None) -> DeskAnswer:
    """The articles of a folder."""
    inside = [r for r in desk.articles.values() if made_id(r.category, r.section) == int(folder)]
    return shapes.listed(call, [shapes.article(record) for record in _in(inside, language)])


def rules(world: World, desk: Desk, call: Call, kind: str) -> DeskAnswer:
    """All automation rules of a kind."""
    return DeskAnswer(200, list(_rules(desk, kind).values()))


def _rules(desk: Desk, kind: str) -> dict[str, dict[str, Any]]:
    return desk.rows.setdefault(f"rules/{kind}", {})


def create_rule(world: World, desk: Desk, call: Call, kind: str) -> DeskAnswer:
    """Creates an automation rule."""
    sent = call.body()
    for name in ("name", "actions"):
        if not sent.get(name):
            return invalid(name, "It should not be blank", "missing_field")
    number = str(next(desk.ids))
    moment = stamp(records.now())
    row = {"active": True, "position": len(_rules(desk, kind)) + 1, **sent, "id": int(number), "created_at": moment}
    _rules(desk, kind)[number] = {**row, "updated_at": moment}
    return DeskAnswer(201, _rules(desk, kind)[number])


def one_rule(world: World, desk: Desk, call: Call, kind: str, number: str) -> DeskAnswer:
    """PUT (only what is sent changes) and DELETE of one automation rule."""
    row = _rules(desk, kind).get(number)
    if row is None:
        return NOT_FOUND
    if call.method == "DELETE":
        del _rules(desk, kind)[number]
        return DeskAnswer(204, raw=b"")
    row.update(call.body(), id=row["id"], updated_at=stamp(records.now()))
    return DeskAnswer(200, row)


def fixed(rows: Sequence[Mapping[str, Any]], world: World, desk: Desk, call: Call, *ids: str) -> DeskAnswer:
    """A list that never changes."""
    return shapes.listed(call, rows)


def ticket_fields(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """All ticket fields, the admin's own last, or those of one type."""
    wanted = call.query.get("type")
    listed = [*FIELDS, *desk.rows.get("ticket_fields", {}).values()]
    return shapes.listed(call, [field for field in listed if wanted in (None, field["type"])])


FOLDERS = ({"id": 7601, "name": "General", "personal": False, "responses_count": 1},)
CANNED = ({"id": 7701, "title": "Thanks", "folder_id": 7601, "content": "Thank you for writing to us.",
           "content_html": "<div>Thank you for writing to us.</div>"},)  # fmt: skip
STATUS_NAMES = {"2": ["Open", "Being processed"], "3": ["Pending", "Awaiting your reply"],
                "4": ["Resolved", "This ticket has been resolved"], "5": ["Closed", "This ticket has been closed"],
                "6": ["Waiting on customer", "Awaiting your reply"],
                "7": ["Waiting on third party", "Being processed"]}  # fmt: skip
FIELDS = tuple(
    {
        "id": 7800 + n,
        "name": name,
        "label": name.capitalize(),
        "type": f"default_{name}",
        "default": True,
        **({"choices": STATUS_NAMES} if name == "status" else {}),
    }
    for n, name in enumerate(("requester", "subject", "status", "priority", "group", "agent"))
)
GROUPS = ({"id": records.GROUP_ID, "name": "Support", "description": "", "escalate_to": None, "unassigned_for": None,
           "created_at": "2026-01-05T08:00:00Z", "updated_at": "2026-01-05T08:00:00Z"},)  # fmt: skip

PRODUCTS = ({"id": 7102, "name": "Example UK", "description": "", "primary_email": "uk@example.freshdesk.com",
             "created_at": "2026-01-05T08:00:00Z", "updated_at": "2026-01-05T08:00:00Z"},)  # fmt: skip


def settings(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """The helpdesk's languages: its own, and the others with articles."""
    spoken = sorted({_language(record) for record in desk.articles.values()} - {DEFAULT_LANGUAGE})
    return DeskAnswer(
        200, {"primary_language": DEFAULT_LANGUAGE, "supported_languages": spoken, "portal_languages": spoken}
    )


def groups(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """The fixed group, and those that were added."""
    return shapes.listed(call, [*GROUPS, *desk.rows.get("groups", {}).values()])


def add_group(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Creates a group."""
    number, name = str(next(desk.ids)), call.body().get("name")
    if not name:
        return invalid("name", "It should be a/an String", "missing_field")
    desk.rows.setdefault("groups", {})[number] = {**GROUPS[0], "id": int(number), "name": name}
    return DeskAnswer(201, desk.rows["groups"][number])


API = r"/api/v2"
LANGUAGE = r"([a-z]{2}(?:-[A-Za-z]{2})?)"
RULES = rf"{API}/automations/([{RULE_KINDS}])/rules"
FRESHDESK_SETUP_ROUTES = (
    Route("GET", rf"{API}/solutions/categories", categories),
    Route("GET", rf"{API}/solutions/categories/(\d+)/folders", folders),
    Route("GET", rf"{API}/solutions/folders/(\d+)/articles", articles),
    Route("GET", rf"{API}/solutions/folders/(\d+)/articles/{LANGUAGE}", articles),
    Route("GET", rf"{API}/canned_response_folders", partial(fixed, FOLDERS)),
    Route("GET", rf"{API}/canned_response_folders/(\d+)/responses", partial(fixed, CANNED)),
    Route("GET", RULES, rules),
    Route("POST", RULES, create_rule),
    *(Route(method, rf"{RULES}/(\d+)", one_rule) for method in ("PUT", "DELETE")),
    Route("GET", rf"{API}/ticket_fields", ticket_fields),
    Route("GET", rf"{API}/settings/helpdesk", settings),
    Route("GET", rf"{API}/email_configs", partial(fixed, mail.MAILBOXES)),
    Route("GET", rf"{API}/products", partial(fixed, PRODUCTS)),
    Route("GET", rf"{API}/groups", groups),
    Route("POST", rf"{API}/groups", add_group),
    Route("GET", rf"{API}/solutions/folders/(\d+)/subfolders", subfolders),
)
