"""The report of a backtest: `report.json`, and `report.html`, one page in two languages that loads nothing from elsewhere."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from klark import __version__
from klark.evidence.figures import VERDICTS, Tried, figures, worst
from klark.evidence.intervals import share_words
from klark.evidence.new_files import write_files
from klark.models import Article, DecisionKind, policy_in_force, within
from klark.values.reasons import Reason
from klark.values.tenant_settings import TenantSettings

JSON, PAGE = "report.json", "report.html"
WIDTH = 600
"""Of a bar, in SVG units."""
PARTS = ("sent", "held", "handed_over", "left_alone")
WHY_NOT_COMPARED: Mapping[str, Any] = {
    "no_reply": _("nobody replied in public"), "by_phone": _("settled by phone"),
    "by_klark": _("answered by klark itself"), "no_words": _("the reply has no words, as with a file alone"),
    "other_language": _("the reply is in another language than the ticket"),
    "untold": _("the reply gives no figure, or no judge could tell"),
}  # fmt: skip
"""Why a draft is not compared with an agent's reply."""
OLDER: Mapping[str, Any] = {"judge": "unknown", "minutes_saved": None, "minimum_confidence": None}
"""What was not kept of a run before it was part of the report."""


def made(rows: Sequence[Tried], left_out: Mapping[str, int], run_with: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the report. `run_with` is what `about` says."""
    run_with = {**OLDER, **run_with}
    return {
        "klark": __version__, **run_with, "left_out": dict(sorted(left_out.items())),
        "figures": figures(rows, run_with["minutes_saved"] or 0, run_with["minimum_confidence"] or 0),
        "worst": [row["id"] for row in worst(rows)], "tickets": list(rows),
    }  # fmt: skip


def about(ours: TenantSettings, source: str, came: Sequence[str | None]) -> dict[str, Any]:
    """Returns what a backtest is run with: where the tickets come from, the model, the articles, and the policy's own words.
    `came`: when each ticket did, as its row has it."""
    moments = [datetime.fromisoformat(each) for each in came if each]
    newest = max(moments) if len(moments) == len(came) > 0 else None  # a ticket without a date is shown every article
    with within(ours.tenant_id):
        articles, policy = Article.of(ours.tenant_id).filter(current=True), policy_in_force(ours.tenant_id)
        later = articles.filter(created_at__gt=newest) if newest else articles.none()
        count = {"all": articles.count(), "undated": articles.filter(created_at=None).count(), "later": later.count()}
    return {
        "source": source, "model": ours.first_model or "none",
        "judge": ours.judge.name if ours.judge else "none", "articles": count, "currency": ours.rules.currency,
        "dial": ours.rules.dial, "topics": {each.key: each.name for each in ours.topics},
        "titles": {code: {each.key: each.named(code) for each in ours.topics} for code in dict(settings.LANGUAGES)},
        "language": ours.rules.language, "policy": ours.rules.version,
        "minimum_confidence": ours.rules.minimum_confidence, "minutes_saved": policy.minutes_saved if policy else 0,
    }  # fmt: skip


def write(folder: Path, report: Mapping[str, Any]) -> None:
    """Writes both files as `write_files` does. The page opens in the first language that the tenant answers in."""
    with override(report.get("language", settings.LANGUAGE_CODE)):
        drawn = page(report)
    write_files(folder, {JSON: json.dumps(report, ensure_ascii=False, indent=1) + "\n", PAGE: drawn})


def page(report: Mapping[str, Any]) -> str:
    """Returns the page: the same in each language, of which one is shown, at first that which is active if there is one."""
    parts, codes = [], dict(settings.LANGUAGES)
    active = get_language() if get_language() in codes else settings.LANGUAGE_CODE
    for code, name in codes.items():
        with override(code):
            parts.append(
                {"code": code, "name": str(name), "body": render_to_string("klark/backtest.html", shown(report))}
            )
    return render_to_string("klark/backtest_page.html", {"parts": parts, "active": active})


def shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what klark/backtest.html takes, in the language that is active."""
    of, names = report["figures"], {**report["topics"], **report.get("titles", {}).get(get_language(), {})}
    rows = {row["id"]: row for row in report["tickets"]}
    groups = [(gettext("All tickets"), of["all"]), (gettext("Without those whose draft rests on an article edited later"),
              of["without_edited_later"])]  # fmt: skip
    topics = [(names.get(key) or gettext("No topic"), group) for key, group in of["by_topic"].items()]
    return {
        "report": report, "groups": [_group(*each) for each in groups], "topics": [_group(*each) for each in topics],
        "not_compared": [(WHY_NOT_COMPARED[key], count) for key, count in of["all"]["not_compared"].items()],
        "left_out": [(_why(key), count) for key, count in report["left_out"].items()],
        "dial": [{"name": _position(name), **one} for name, one in of["dial"]["positions"].items()],
        "best": [_position(name) for name in ([of["dial"]["best"]] if of["dial"]["best"] else of["dial"]["as_good"])],
        "worst": [_bad(rows[known]) for known in report["worst"]], "width": WIDTH,
    }  # fmt: skip


def _group(name: str, group: Mapping[str, Any]) -> dict[str, Any]:
    verdicts = {
        f"{kind}_{verdict}": share_words(group[f"of_{kind}"][verdict]) for kind in ("sent", "held") for verdict in VERDICTS
    }  # fmt: skip
    ends = {part: share_words(group[part]) for part in PARTS}
    return {
        "name": name, "tickets": group["tickets"], "bars": list(_bars(group)), **ends, **verdicts,
        "answered": share_words(group["drafted_where_answered"]),
    }  # fmt: skip


def _bars(group: Mapping[str, Any]) -> list[dict[str, Any]]:
    bars, place = [], 0.0
    for part in PARTS:
        width = round(WIDTH * (group[part]["share"] or 0.0), 1)
        bars.append({"part": part, "x": round(place, 1), "width": width, "count": group[part]["hits"]})
        place += width
    return bars


def _bad(row: Tried) -> dict[str, Any]:
    why = Reason(row["reason"]).title(get_language() or "en")
    return {**row, "why": why, "became": DecisionKind(row["decision"]).label}


def _position(name: str) -> str:
    return {"careful": gettext("Careful"), "balanced": gettext("Balanced"), "open": gettext("Open")}[name]


def _why(key: str) -> str:
    return {
        "excluded": gettext("excluded by the policy"),
        "deleted": gettext("deleted"), "merged": gettext("merged into another"), "open": gettext("not closed"),
        "nothing_asked": gettext("no public comment of a customer"),
        "erased": gettext("erased since, with all that klark kept of them"),
        "unreadable": gettext("lines that could not be read"),
    }[key]  # fmt: skip
