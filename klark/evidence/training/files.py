"""Writes the examples of a tenant to a folder: training and validation files, preferences, and the card."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from klark.evidence.training.candidates import candidates
from klark.evidence.training.card import as_markdown, card_of
from klark.evidence.training.examples import Example, example_of
from klark.evidence.training.masking import LeftOut
from klark.models import COMMAND_LINE, Actor, AuditAct, Draft, Tenant, policy_in_force, record, within

VALIDATION = 10
"""One customer in so many is kept for validation."""
TRAIN, VALIDATE, PREFER = "train.jsonl", "validation.jsonl", "preference.jsonl"
Told = Callable[[int, int], object]
"""Is told how many of how many drafts have been read."""


class NotAllowed(Exception):
    """Raised where the tenant's policy does not allow it."""


def export(tenant: Tenant, folder: Path, told: Told, by: Actor = COMMAND_LINE) -> Mapping[str, Any]:
    """Writes the files, and returns the card. Raises NotAllowed, and OSError. Opens its own transactions."""
    now = timezone.now()
    with within(tenant.pk):
        policy = policy_in_force(tenant.pk)
        if policy is None or not policy.training_export:
            raise NotAllowed
        rules = policy.rules()
        days = rules.keep_days["drafts"]
        good, left_out = candidates(tenant.pk, now - timedelta(days=days), now)
    found: list[Example] = []
    for number, turn in enumerate(good, 1):
        try:
            with within(tenant.pk):
                found.append(example_of(turn, Draft.of(tenant.pk).get(pk=turn.draft_id), rules))
        except LeftOut as error:
            left_out[error.why] += 1
        except Draft.DoesNotExist:
            left_out["deleted"] += 1
        told(number, len(good))
    lines = _lines(tenant, found)
    digests = {name: _write(folder / name, each) for name, each in lines.items()}
    counts = {name: len(each) for name, each in lines.items()}
    card = card_of(tenant, rules, days, now, found, left_out, counts, digests)
    _write(folder / "card.json", [json.dumps(card, indent=1, ensure_ascii=False)])
    _write(folder / "card.md", [as_markdown(card)])
    with within(tenant.pk):
        record(
            tenant.pk,
            by,
            AuditAct.TRAINING,
            policy,
            examples=counts,
            files=digests,
            left_out=left_out,
            since=card["since"],
        )
    return card


def _lines(tenant: Tenant, found: Sequence[Example]) -> dict[str, list[str]]:
    """Returns the lines of each file. A preference is made only of what may be trained on."""
    kept = {id(one) for group in _groups(found) if _validates(tenant, group) for one in group}
    train = [one for one in found if id(one) not in kept]
    return {
        TRAIN: [_chat(one) for one in train],
        VALIDATE: [_chat(one) for one in found if id(one) in kept],
        PREFER: [_preference(one) for one in train if one.before and one.before != one.answer],
    }


def _groups(found: Iterable[Example]) -> Iterator[list[Example]]:
    """Yields the examples of each customer. Who is known by an address here and by a helpdesk's id there is one."""
    groups: dict[str, tuple[set[str], list[Example]]] = {}
    for one in found:
        names, theirs = set(one.customer), [one]
        for other in {id(groups[name]): groups[name] for name in one.customer if name in groups}.values():
            names |= other[0]
            theirs = other[1] + theirs
        groups.update(dict.fromkeys(names, (names, theirs)))
    yield from {id(group): group[1] for group in groups.values()}.values()


def _validates(tenant: Tenant, group: Sequence[Example]) -> bool:
    """Draws lots by the customer's name, so that an export made again falls the same way."""
    name = min(name for one in group for name in one.customer)
    return int(hashlib.sha256(f"{tenant.slug}/{name}".encode()).hexdigest(), 16) % VALIDATION == 0


def _asked(one: Example) -> list[dict[str, str]]:
    return [{"role": "system", "content": one.system}, {"role": "user", "content": one.user}]


def _answered(content: str) -> dict[str, str]:
    return {"role": "assistant", "content": content}


def _chat(one: Example) -> str:
    """Returns a line of the chat form: https://platform.openai.com/docs/guides/supervised-fine-tuning"""
    return json.dumps({"messages": [*_asked(one), _answered(one.answer)]}, ensure_ascii=False)


def _preference(one: Example) -> str:
    """Returns a line of the preference form: https://platform.openai.com/docs/guides/direct-preference-optimization"""
    told = {
        "input": {"messages": _asked(one)},
        "preferred_output": [_answered(one.answer)], "non_preferred_output": [_answered(one.before)],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _write(path: Path, lines: Iterable[str]) -> str:
    """Writes the lines, and returns the file's SHA-256."""
    text = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(text)
    return hashlib.sha256(text).hexdigest()
