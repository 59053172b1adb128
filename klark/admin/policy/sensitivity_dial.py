"""Describes what each position of the dial for sensitive tickets finds and costs.

The figures were measured on writers whose tickets were not trained on, and are counted on the tenant's own past tickets.
"""

from collections.abc import Iterable, Sequence

from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guardrails.triage.classifier_heads import shipped
from guardrails.triage.classify import DIALS, Dial
from klark.models import Draft
from klark.triage.sensitivity_dial import Chances, handed_over

LOOKED_AT = 1_000
"""How many of the tenant's latest tickets are counted."""
NAMES = {"careful": _("Careful"), "balanced": _("Balanced"), "open": _("Open")}


def dial_help(tenant_id: int | None) -> SafeString:
    """Returns one line of HTML for each position of the dial, for the policy's page.

    Call inside `within(tenant_id)`, or with a role that sees the tenant.
    """
    past = list(_past(tenant_id)) if tenant_id else []
    return format_html_join("", "{}<br>", ((_line(dial, past),) for dial in DIALS))


def _line(dial: Dial, past: Sequence[Chances]) -> str:
    """Describes one position, with figures in percent."""
    measured = shipped().measured[dial]
    told = gettext(
        "%(name)s: finds %(found)s %% of sensitive tickets (the critical topics: %(critical)s %%), and hands over %(alike)s "
        "%% of those that only sound so and %(ordinary)s %% of ordinary ones."
    ) % {
        "name": NAMES[dial], **{name: _percent(measured[name]) for name in ("found", "critical", "ordinary")},
        "alike": _percent(measured["look_alikes"]),
    }  # fmt: skip
    if not past:
        return told
    handed = sum(1 for chances in past if handed_over(chances, dial))
    own = gettext("Of your last %(count)s tickets it would hand over %(handed)s.") % {
        "count": len(past),
        "handed": handed,
    }
    return f"{told} {own}"


def _percent(share: float) -> str:
    return number_format(round(100 * share, 1), 1)


def _past(tenant_id: int) -> Iterable[Chances]:
    return (
        Draft.of(tenant_id)
        .filter(live=True, record__triage__trouble="")
        .order_by("-pk")
        .values_list("record__triage__chances", flat=True)[:LOOKED_AT]
    )
