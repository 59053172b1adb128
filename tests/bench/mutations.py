"""Damages bytes in the ways that parsers dislike. The same random numbers give the same bytes."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

ODD_VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 1.5, 1e308, 2**63, 10**400, "", " ", "\0", "\ud800", "\udcff", "7\r\nX: y", "{{ticket.id}}",
    "../../etc/passwd", "' OR 1=1 --", "٧", "x" * 70_000, [], {}, [[]], {"": None}, {"ticket_id": 7}, "NaN", "zen:ticket:",
    "zen:ticket:-1", "zen:ticket:99999999999999999999", "https://acme.freshdesk.com/a/tickets/1/../2",
)  # fmt: skip
ODD_BYTES: Sequence[bytes] = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xc0\xaf", b"\xed\xa0\x80", b"\\u0000", b"\\ud83d", b'"', b"\\", b"{", b"}", b"[", b"]",
    b",", b":", b"%", b"&", b"\r\n", b"-", b"1e999", b"NaN", b"Infinity", b"9" * 5000, b"[" * 3000, b'{"a":' * 3000,
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"/*", b"//", b"\x1f\x8b\x08",
)  # fmt: skip
MOST = 200_000
"""Bytes that a mutated text has at most."""


def mutated(chance: Random, raw: bytes) -> bytes:
    """Returns `raw` after one to four damages."""
    for _ in range(chance.randint(1, 4)):
        raw = chance.choice(DAMAGES)(chance, raw)[:MOST]
    return raw


def _flip(chance: Random, raw: bytes) -> bytes:
    if not raw:
        return raw
    place = chance.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << chance.randrange(8)]) + raw[place + 1 :]


def _cut(chance: Random, raw: bytes) -> bytes:
    start, end = _slice(chance, raw)
    return raw[:start] + raw[end:]


def _repeat(chance: Random, raw: bytes) -> bytes:
    start, end = _slice(chance, raw)
    return raw[:end] + raw[start:end] * chance.randint(1, 5) + raw[end:]


def _put(chance: Random, raw: bytes) -> bytes:
    place = chance.randint(0, len(raw))
    return raw[:place] + chance.choice(ODD_BYTES) + raw[place:]


def _noise(chance: Random, raw: bytes) -> bytes:
    start, end = _slice(chance, raw)
    return raw[:start] + chance.randbytes(end - start) + raw[end:]


def _end(chance: Random, raw: bytes) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def _otherwise(chance: Random, raw: bytes) -> bytes:
    """The same text in another encoding."""
    return raw.decode(errors="replace").encode(chance.choice(("utf-16", "utf-32", "utf-7", "utf-8-sig")))


def _value(chance: Random, raw: bytes) -> bytes:
    """Another value, or name, in a JSON object; other bytes are left alone."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    places = [told] if isinstance(told, dict) and told else []
    if not places:
        return raw
    inner = places[0]
    while (deeper := [one for one in inner.values() if isinstance(one, dict) and one]) and chance.random() < 0.7:
        inner = chance.choice(deeper)
    name = chance.choice(sorted(inner))
    value = chance.choice((*ODD_VALUES, told)) if chance.random() < 0.8 else inner.pop(name)
    inner[name if chance.random() < 0.8 else str(chance.choice(ODD_VALUES))[:100]] = json.loads(json.dumps(value))
    return json.dumps(told, ensure_ascii=chance.random() < 0.7).encode("utf-8", "surrogatepass")


def _slice(chance: Random, raw: bytes) -> tuple[int, int]:
    start = chance.randint(0, len(raw))
    return start, min(len(raw), start + chance.choice((1, 2, 8, 64, 512)))


DAMAGES: Sequence[Callable[[Random, bytes], bytes]] = (
    _flip, _cut, _repeat, _put, _noise, _end, _otherwise, _value, _value, _value, _value,
)  # fmt: skip
