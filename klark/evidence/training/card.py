"""The card of an export: what is in it, what was left out and why, how it was masked, and what it must not be used for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from klark import __version__
from klark.evidence.figures import counted
from klark.evidence.outcomes import ending
from klark.evidence.training.candidates import LEFT_OUT
from klark.evidence.training.examples import Origin
from klark.evidence.training.masking import METHOD
from klark.models import Tenant
from klark.values.policy.rules import Rules

NOT_FOR = (
    "Training a model that answers for anybody but this tenant.",
    "Finding out who a customer is, or joining it with data that could tell.",
    "Teaching facts: the answers rest on passages of their day, and a model must go on reading the passages that it is given.",
    "Measuring the model trained on it by these drafts, in the regression set or a backtest of the same weeks: it has seen them. "
    "validation.jsonl and later tickets can tell.",
    "Keeping it longer than the drafts that it is made of: delete it by the day given above, and make another.",
)


def card_of(
    tenant: Tenant, rules: Rules, now: datetime, found: Sequence[Origin], left_out: Mapping[str, int],
    files: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Returns the card as JSON. `files`: lines and SHA-256 by file."""
    days = rules.keep_days["drafts"]
    times = [one.turn.drafted_at for one in found]
    first = min(times, default=None)
    return {
        "tenant": tenant.slug, "made_at": now.isoformat(timespec="seconds"), "klark": __version__,
        "allowed_by": f"policy v{rules.version}, training_export",
        "since": (now - timedelta(days=days)).date().isoformat(), "kept_for_days": days,
        "delete_by": (first + timedelta(days=days)).date().isoformat() if first else None,
        "first": first.date().isoformat() if first else None, "last": max(times).date().isoformat() if times else None,
        "examples": len(found), "customers": len(frozenset(one.customer for one in found)),
        "looked_at": len(found) + sum(left_out.values()),
        "files": files, "without_preference": sum(one.unsure for one in found),
        "by": {
            "topic": counted(one.turn.topic or "none" for one in found),
            "language": counted(one.turn.language or "none" for one in found),
            "outcome": counted(ending(one.turn).value for one in found),
            "week": counted(one.turn.week.isoformat() for one in found),
            **{name: counted(one.about[name] for one in found) for name in ("klark", "mask", "prompt", "policy", "model")},
        },
        "left_out": {why: {"drafts": left_out[why], "because": words} for why, words in LEFT_OUT.items() if left_out.get(why)},
        "masking": METHOD, "not_for": list(NOT_FOR),
    }  # fmt: skip


def as_markdown(card: Mapping[str, Any]) -> str:
    """Returns the card as a page."""
    edits = card["without_preference"]
    parts = (
        [f"# Examples of {card['tenant']}", f"Made {card['made_at']} by klark {card['klark']}, allowed by {card['allowed_by']}."],
        [_period(card)],
        ["## Files", *(f"- `{name}`: {each['lines']} lines, SHA-256 `{each['sha256']}`" for name, each in card["files"].items())],
        ["No customer stands in both `train.jsonl` and `validation.jsonl`; `preference.jsonl` is made of edits in the first."],
        *([[_without_preference(edits)]] if edits else []),
        *([f"## By {name}", *(f"- {value}: {n}" for value, n in some.items())] for name, some in card["by"].items() if some),
        ["## Left out", *(f"- {each['drafts']}: {each['because']}" for each in card["left_out"].values())],
        ["## Masking", card["masking"]],
        ["## Not to be used for", *(f"- {each}" for each in card["not_for"])],
    )  # fmt: skip
    return "\n\n".join("\n".join(part) for part in parts)


def _without_preference(edits: int) -> str:
    return f"No preference is made of {edits} more edits: what the model had said looks like personal data."


def _period(card: Mapping[str, Any]) -> str:
    looked = f"{card['examples']} of the {card['looked_at']} drafts since {card['since']} that people sent or rejected"
    kept = f"Drafts are kept for {card['kept_for_days']} days: nothing older is here."
    if not card["examples"]:
        return f"{looked}. {kept}"
    return f"{looked}, of {card['first']} to {card['last']}. {kept} Delete these files by {card['delete_by']}."
