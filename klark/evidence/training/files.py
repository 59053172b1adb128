"""Writes the examples of a tenant to a folder: training and validation files, preferences, and the card.

There may be more text than memory: it waits in a file without a name until all examples are known and the customers are drawn.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone

from klark.evidence.new_files import new_files
from klark.evidence.outcomes import Turn
from klark.evidence.training.candidates import candidates
from klark.evidence.training.card import as_markdown, card_of
from klark.evidence.training.examples import Example, Origin, example_of
from klark.evidence.training.masking import LeftOut
from klark.evidence.training.split import kept_for_validation
from klark.models import COMMAND_LINE, Actor, AuditAct, Draft, Policy, Tenant, policy_in_force, record, within
from klark.values.policy.rules import Rules

TRAIN, VALIDATE, PREFER = "train.jsonl", "validation.jsonl", "preference.jsonl"
CARD, PAGE = "card.json", "card.md"
Told = Callable[[int, int], object]
"""Is told how many of how many drafts have been read."""


class NotAllowed(Exception):
    """Raised where the tenant's policy does not allow it."""


class PolicyChanged(Exception):
    """Raised where another policy came into force meanwhile: it may exclude what has been read."""


@dataclass(frozen=True, slots=True)
class _Spooled:
    """An example whose lines wait in the spool, from this byte on: that of the chat form, then that of the preference form, which
    is empty where there is none."""

    origin: Origin
    place: int


class _Lines:
    """A file of lines, counted and hashed while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash, self._count = file, hashlib.sha256(), 0

    def add(self, line: bytes) -> None:
        self._file.write(line)
        self._hash.update(line)
        self._count += 1

    def told(self) -> dict[str, Any]:
        """Returns what the card says of the file."""
        return {"lines": self._count, "sha256": self._hash.hexdigest()}


def export(tenant: Tenant, folder: Path, told: Told, by: Actor = COMMAND_LINE) -> Mapping[str, Any]:
    """Writes the files, and returns the card. They have their names once the audit entry stands; those of a run that fails are
    deleted. Raises NotAllowed, PolicyChanged, and OSError. Opens its own transactions."""
    now = timezone.now()
    with within(tenant.pk):
        policy = _allowed(tenant.pk)
        rules = policy.rules()
        good, left_out = candidates(tenant.pk, now - timedelta(days=rules.keep_days["drafts"]), now)
    with TemporaryFile(dir=folder) as spool:
        read = _read(tenant.pk, good, left_out, rules, told, spool)
        with new_files(folder, (TRAIN, VALIDATE, PREFER, CARD, PAGE)) as files, within(tenant.pk):
            if _allowed(tenant.pk) != policy:
                raise PolicyChanged
            found = _still_kept(tenant.pk, read)
            left_out["deleted"] += len(read) - len(found)
            written = _write(tenant, found, spool, files)
            card = card_of(tenant, rules, now, [one.origin for one in found], left_out, written)
            _write_card(card, files)
            record(
                tenant.pk, by, AuditAct.TRAINING, policy, left_out=left_out, since=card["since"],
                examples={name: each["lines"] for name, each in written.items()},
                files={name: each["sha256"] for name, each in written.items()},
            )  # fmt: skip
    return card


def _allowed(tenant_id: int) -> Policy:
    """Returns the policy in force, which allows it. Raises NotAllowed."""
    policy = policy_in_force(tenant_id)
    if policy is None or not policy.training_export:
        raise NotAllowed
    return policy


def _read(
    tenant_id: int, good: Sequence[Turn], left_out: Counter[str], rules: Rules, told: Told, spool: IO[bytes]
) -> list[_Spooled]:
    """Puts the lines of each draft's example into the spool, and counts those that are none."""
    found = []
    for number, turn in enumerate(good, 1):
        try:
            with within(tenant_id):
                one = example_of(turn, Draft.of(tenant_id).get(pk=turn.draft_id), rules)
        except LeftOut as error:
            left_out[error.why] += 1
        except Draft.DoesNotExist:
            left_out["deleted"] += 1
        else:
            found.append(_Spooled(one.origin, spool.tell()))
            spool.write(f"{_chat(one)}\n{_preference(one)}\n".encode())
        told(number, len(good))
    return found


def _still_kept(tenant_id: int, read: Sequence[_Spooled]) -> list[_Spooled]:
    """Returns those whose draft still has its content: reading may take hours, and somebody may have been erased meanwhile."""
    first = min((one.origin.turn.drafted_at for one in read), default=timezone.now())
    kept = Draft.of(tenant_id).filter(created_at__gte=first).exclude(record={})
    keys = frozenset(kept.values_list("pk", flat=True))
    return [one for one in read if one.origin.turn.draft_id in keys]


def _write(
    tenant: Tenant, found: Sequence[_Spooled], spool: IO[bytes], files: Mapping[str, IO[bytes]]
) -> dict[str, dict[str, Any]]:
    """Copies the lines to their files, and returns what the card says of each. A preference is made only of what may be
    trained on."""
    lines = {name: _Lines(files[name]) for name in (TRAIN, VALIDATE, PREFER)}
    validation = kept_for_validation(tenant.slug, (one.origin.customer for one in found))
    for number, one in enumerate(found):
        spool.seek(one.place)
        chat, preference = spool.readline(), spool.readline()
        lines[VALIDATE if number in validation else TRAIN].add(chat)
        if number not in validation and preference.strip():
            lines[PREFER].add(preference)
    return {name: each.told() for name, each in lines.items()}


def _write_card(card: Mapping[str, Any], files: Mapping[str, IO[bytes]]) -> None:
    files[CARD].write(f"{json.dumps(card, indent=1, ensure_ascii=False)}\n".encode())
    files[PAGE].write(f"{as_markdown(card)}\n".encode())
    for file in files.values():
        file.flush()  # a full disk must be seen before the audit entry stands


def _asked(one: Example) -> list[dict[str, str]]:
    return [{"role": "system", "content": one.system}, {"role": "user", "content": one.user}]


def _answered(content: str) -> dict[str, str]:
    return {"role": "assistant", "content": content}


def _chat(one: Example) -> str:
    """Returns a line of the chat form: https://platform.openai.com/docs/guides/supervised-fine-tuning"""
    return json.dumps({"messages": [*_asked(one), _answered(one.answer)]}, ensure_ascii=False)


def _preference(one: Example) -> str:
    """Returns a line of the preference form, or "" where there is nothing to prefer:
    https://platform.openai.com/docs/guides/direct-preference-optimization"""
    if one.before in ("", one.answer):
        return ""
    told = {
        "input": {"messages": _asked(one)},
        "preferred_output": [_answered(one.answer)], "non_preferred_output": [_answered(one.before)],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)
