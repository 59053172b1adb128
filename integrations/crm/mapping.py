"""Whether a policy's `crm` can be followed: {"url", "facts", "kind"} for a CRM, {"helpdesk"} for the desk's own fields, or
both."""

from collections.abc import Mapping
from typing import Any

from integrations.crm import CRMS
from integrations.crm.helpdesk_fields import origin_of

NAMES = {"url", "facts", "kind", "helpdesk"}
FORM = '{"url": "https://…", "facts": {name: path}, "helpdesk": {name: "user.FIELD" or "organization.FIELD"}}'


def wrong_with(value: Any) -> str:
    """What is wrong, as the end of a sentence that begins with the field's name; "" for nothing."""
    if not isinstance(value, dict) or set(value) - NAMES or (value and not {"facts", "helpdesk"} & set(value)):
        return f" takes an object: {FORM}."
    if wrong := _wrong_maps(value) or _wrong_server(value):
        return wrong
    paths = _map(value, "helpdesk")
    stray = next((path for path in paths.values() if not origin_of(path)), None)
    if stray is not None:
        return f".helpdesk takes paths such as user.plan or organization.contract, not {stray!r}."
    twice = sorted(set(paths) & set(_map(value, "facts")))
    return f" names {twice[0]!r} twice: in facts and in helpdesk." if twice else ""


def _wrong_maps(value: Mapping[str, Any]) -> str:
    wrong = next((name for name in ("facts", "helpdesk") if name in value and not _is_map(value[name])), "")
    return f".{wrong} takes an object: name → text." if wrong else ""


def _wrong_server(value: Mapping[str, Any]) -> str:
    if not {"url", "facts", "kind"} & set(value):
        return ""
    if not {"url", "facts"} <= set(value):
        return f" takes an object: {FORM}."
    known = str(value.get("kind", "json")) in CRMS and str(value["url"]).startswith(("https://", "http://"))
    return "" if known else f".url takes an address, and crm.kind one of {', '.join(CRMS)}."


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _map(value: Mapping[str, Any], name: str) -> Mapping[str, str]:
    given: Mapping[str, str] = value.get(name, {})
    return given
