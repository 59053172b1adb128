"""Validates a policy's `crm` setting: {"url", "facts", "kind"} for a CRM, {"helpdesk"} for the helpdesk's own fields,
or both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.crm import CRMS
from integrations.crm.helpdesk_fields import origin_of

NAMES = {"url", "facts", "kind", "helpdesk"}
FORM = '{"url": "https://…", "facts": {name: path}, "helpdesk": {name: "user.FIELD" or "organization.FIELD"}}'

# The possible mistakes, one word each; klark.values.policy_fields has the sentences.
OBJECT, TEXTS, PATHS, TWICE, ADDRESS = "object", "texts", "paths", "twice", "address"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake: `sentence` is one of the words above, `place` where it is ("" or a name such as ".facts"), `told`
    the values that the sentence names."""

    sentence: str
    place: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


def wrong_with(value: Any) -> Wrong | None:
    """Returns the first mistake in the setting, or `None`."""
    if not isinstance(value, dict) or set(value) - NAMES or (value and not {"facts", "helpdesk"} & set(value)):
        return Wrong(OBJECT, told={"form": FORM})
    return _wrong_maps(value) or _wrong_server(value) or _wrong_paths(value)


def _wrong_maps(value: Mapping[str, Any]) -> Wrong | None:
    wrong = next((name for name in ("facts", "helpdesk") if name in value and not _is_map(value[name])), "")
    return Wrong(TEXTS, f".{wrong}") if wrong else None


def _wrong_server(value: Mapping[str, Any]) -> Wrong | None:
    if not {"url", "facts", "kind"} & set(value):
        return None
    if not {"url", "facts"} <= set(value):
        return Wrong(OBJECT, told={"form": FORM})
    known = str(value.get("kind", "json")) in CRMS and str(value["url"]).startswith(("https://", "http://"))
    return None if known else Wrong(ADDRESS, ".url", {"known": ", ".join(CRMS)})


def _wrong_paths(value: Mapping[str, Any]) -> Wrong | None:
    paths = _map(value, "helpdesk")
    if stray := [path for path in paths.values() if not origin_of(path)]:
        return Wrong(PATHS, ".helpdesk", {"given": f'"{stray[0]}"'})
    twice = sorted(set(paths) & set(_map(value, "facts")))
    return Wrong(TWICE, told={"given": f'"{twice[0]}"'}) if twice else None


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _map(value: Mapping[str, Any], name: str) -> Mapping[str, str]:
    given: Mapping[str, str] = value.get(name, {})
    return given
