"""How one field of a policy is read: what it takes, also as JSON Schema, and the error for anything else."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from guardrails.base import Level
from integrations.crm import CRMS
from integrations.crm.helpdesk_fields import origin_of

LEAST_TOKENS, MOST_TOKENS = 300, 50_000
KEEP_DAYS: Mapping[str, int] = {"webhooks": 30, "drafts": 365, "completions": 30, "memory": 730, "log": 1095}
"""How long each kind of thing is kept where a policy says nothing else."""
MOST_DAYS = {**dict.fromkeys(KEEP_DAYS, 3650), "memory": KEEP_DAYS["memory"]}
OWN_SEAT = "klark"  # as assignee: the seat that klark writes as


class BadRules(ValueError):
    """Raised for a policy that cannot be followed.

    `place` is the field, and the place inside it, as in "updates.reply.status"; `sentence` (in the reader's language
    once it is shown) names that as %(name)s and says what it takes.
    """

    def __init__(self, place: str, sentence: Any, **told: object) -> None:
        super().__init__(place, sentence, told)
        self.place, self.sentence, self.told = place, sentence, told

    def __str__(self) -> str:
        return self.under(self.place)

    @property
    def field(self) -> str:
        """The policy's field, without the place inside it."""
        return self.place.partition(".")[0]

    def under(self, name: str) -> str:
        """Returns the sentence about what is called `name`."""
        return str(self.sentence) % {**self.told, "name": name}


Read = Callable[[str, Any], Any]
"""(the field's name, the value given) -> the value as the rules hold it. Raises BadRules."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a field; `schema` says what it takes, as JSON Schema."""

    read: Read
    schema: Mapping[str, Any]

    def __call__(self, name: str, value: Any) -> Any:
        """Returns the value as the rules hold it. Raises BadRules."""
        return self.read(name, value)


def takes(**schema: Any) -> Callable[[Read], Reader]:
    """Makes a reader of a function."""
    return lambda read: Reader(read, schema)


JSON_TYPES: Mapping[type, str] = {bool: "boolean", int: "integer", str: "string"}
TEXT = {"type": "string"}
PLAIN_TYPES: Mapping[type, Any] = {bool: _("true or false"), int: _("a whole number"), str: _("a text")}
CRM_FORM = '{"url": "https://…", "facts": {name: path}, "helpdesk": {name: "user.FIELD" or "organization.FIELD"}}'


def given(value: object) -> str:
    """Returns a value as its author wrote it, in a form or in JSON."""
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)


def plain(expected: type) -> Reader:
    """Returns a reader of one plain type, which takes nothing that only passes for it (a bool is no int)."""

    @takes(type=JSON_TYPES[expected])
    def read(name: str, value: Any) -> Any:
        if type(value) is not expected:
            sentence = _("%(name)s takes %(type)s, not %(given)s.")
            raise BadRules(name, sentence, type=PLAIN_TYPES[expected], given=given(value))
        return value

    return read


@takes(type="integer", minimum=0)
def count(name: str, value: Any) -> int:
    """Reads a whole number that is not negative."""
    if type(value) is not int or value < 0:
        sentence = _("%(name)s takes a whole number that is not negative, not %(given)s.")
        raise BadRules(name, sentence, given=given(value))
    return value


def whole(least: int, most: int) -> Reader:
    """Returns a reader of a whole number between these two, or one of them."""

    @takes(type="integer", minimum=least, maximum=most)
    def read(name: str, value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            sentence = _("%(name)s takes a whole number from %(least)s to %(most)s, not %(given)s.")
            raise BadRules(name, sentence, given=given(value), least=least, most=most)
        return value

    return read


@cache
def zones() -> frozenset[str]:
    """Returns the names of all time zones: they are in 600 files, and a policy is read for every event."""
    return frozenset(available_timezones())


@takes(**TEXT)
def zone(name: str, value: Any) -> str:
    """Reads a time zone's name."""
    if value not in zones():
        sentence = _("%(name)s: there is no time zone %(given)s; use a name such as Europe/Paris.")
        raise BadRules(name, sentence, given=given(value))
    return str(value)


@takes(enum=[each.name for each in Level])
def level(name: str, value: Any) -> Level:
    """Reads a level by its name, in any case."""
    try:
        return Level[str(value).upper()]
    except KeyError:
        raise none_of(name, value, [each.name for each in Level]) from None


@takes(type=["number", "null"], minimum=0)
def money(name: str, value: Any) -> Decimal | None:
    """Reads an amount; None means no ceiling."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        sentence = _("%(name)s takes an amount of money that is not negative, not %(given)s.")
        raise BadRules(name, sentence, given=given(value))
    return amount


@takes(type="array", items=TEXT)
def texts(name: str, value: Any) -> tuple[str, ...]:
    """Reads a list, in its order."""
    if not isinstance(value, list | tuple | frozenset) or not all(isinstance(each, str) for each in value):
        raise BadRules(name, _("%(name)s takes a list of texts."))
    return tuple(value)


@takes(**texts.schema)
def text_set(name: str, value: Any) -> frozenset[str]:
    """Reads a list whose order means nothing."""
    return frozenset(texts(name, value))


@takes(type="object", additionalProperties=TEXT)
def by_name(name: str, value: Any) -> Any:
    """Reads a text for each language, or for each field."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise BadRules(name, _("%(name)s takes an object: name → text."))
    return value


@takes(type="object", properties={"url": TEXT, "kind": TEXT, "facts": by_name.schema, "helpdesk": by_name.schema},
       additionalProperties=False)  # fmt: skip
def crm(name: str, value: Any) -> Any:
    """Reads {"url", "facts", "kind"} for a CRM, {"helpdesk"} for the helpdesk's own fields, or both."""
    named = set(value) if isinstance(value, dict) else {""}
    server = named & {"url", "facts", "kind"}
    if named - server - {"helpdesk"} or (server and not {"url", "facts"} <= server):
        raise BadRules(name, _("%(name)s takes an object: %(form)s."), form=CRM_FORM)
    facts, paths = (by_name(f"{name}.{part}", value.get(part, {})) for part in ("facts", "helpdesk"))
    known = str(value.get("kind", "json")) in CRMS and str(value.get("url")).startswith(("https://", "http://"))
    if server and not known:
        raise BadRules(
            f"{name}.url", _("%(name)s takes an address, and crm.kind one of %(known)s."), known=", ".join(CRMS)
        )
    if stray := [path for path in paths.values() if not origin_of(path)]:
        sentence = _("%(name)s takes paths such as user.plan or organization.contract, not %(given)s.")
        raise BadRules(f"{name}.helpdesk", sentence, given=given(stray[0]))
    if twice := sorted(set(paths) & set(facts)):
        raise BadRules(name, _("%(name)s names %(given)s twice: in facts and in helpdesk."), given=given(twice[0]))
    return value


def object_of(reader: Reader) -> Mapping[str, Any]:
    """Returns the JSON Schema of an object whose values this reader takes, whatever their names."""
    return {"type": "object", "additionalProperties": reader.schema}


def part(readers: Mapping[str, Reader]) -> Reader:
    """Returns a reader of an object that has some of the readers' names."""
    known = {name: reader.schema for name, reader in readers.items()}

    @takes(type="object", properties=known, additionalProperties=False)
    def read(name: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or set(value) - set(readers):
            raise BadRules(name, _("%(name)s takes an object with any of %(known)s."), known=", ".join(readers))
        return {key: readers[key](f"{name}.{key}", inner) for key, inner in value.items()}

    return read


def none_of(name: str, value: Any, choices: list[str]) -> BadRules:
    """Returns the error for a value that is not among the choices."""
    sentence = _("%(name)s takes one of %(known)s, not %(given)s.")
    return BadRules(name, sentence, known=", ".join(choices), given=given(value))


def one_of(*choices: str) -> Reader:
    """Returns a reader of these words."""

    @takes(enum=list(choices))
    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise none_of(name, value, list(choices))
        return value

    return read


@takes(type="string", pattern=f"^({OWN_SEAT}|[0-9]+)$")
def assignee(name: str, value: Any) -> str:
    """Reads an agent's id, or klark's own seat."""
    if value != OWN_SEAT and not (isinstance(value, str) and value.isdecimal()):
        sentence = _('%(name)s takes the id of an agent, or "klark" for klark\'s own seat, not %(given)s.')
        raise BadRules(name, sentence, given=given(value))
    return str(value)
