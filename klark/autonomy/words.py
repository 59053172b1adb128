"""Why a topic stands where it stands, in one sentence for people, translated."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from klark.autonomy.labels import Weighed
from klark.autonomy.ladder import Tally
from klark.autonomy.sequential_tests import lowest_share
from klark.models import Standing
from klark.values.policy.rules import Rules
from klark.values.wording import local_day

STEPS: Mapping[str, Any] = {
    "new": _("It stands where it began"),
    "earned": _("Earned, and opened by itself on %(day)s"),
    "opened": _("Earned, and opened by %(by)s on %(day)s"),
    "closed": _("Closed by %(by)s on %(day)s"),
    "serious": _("Closed on %(day)s after a serious error"),
    "drop": _("Closed on %(day)s because errors came close together"),
    "article": _("Closed on %(day)s because an article changed that it rests on"),
    "model": _("Closed on %(day)s because the model or the prompt changed"),
}


def why(standing: Standing, weighed: Weighed, rules: Rules) -> str:
    """Returns how the topic came to its rung, and what the next one takes."""
    how = str(STEPS.get(standing.why, standing.why))
    named = how % {"by": standing.by, "day": local_day(standing.stepped_at)}
    return f"{named}{pgettext('after a label', ':')} {_next(standing, weighed.tally, rules)}"


def _next(standing: Standing, tally: Tally, rules: Rules) -> str:
    if standing.rung == "reply":
        return gettext(
            "it closes by itself on a serious error, on errors that come close together, when an article changes that it rests "
            "on, and with another model or prompt."
        )
    if standing.proposed:
        return gettext("the next step is earned; a lead may open it.")
    short = tally.missing(rules.autonomy_bar / 100)
    words = ngettext(
        "the next step takes %(n)d more right draft in a row.",
        "the next step takes %(n)d more right drafts in a row.",
        short,
    )
    return words % {"n": short}


def right_share(tally: Tally) -> str:
    """Returns the share of right drafts, as in "98.4 %"; "" where nothing was judged."""
    return _percent(tally.share) if tally.judged else ""


def at_least(tally: Tally) -> str:
    """Returns the lowest share of right drafts that the labels still allow, as in "95.1 %"; "" where they say nothing yet."""
    return _percent(lowest_share(tally.right, tally.wrong, tally.carried)) if tally.judged else ""


def _percent(share: float) -> str:
    return f"{number_format(round(100 * share, 1), 1)} %"
