"""Tries a case again, and says whether what comes of it now is right."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from integrations.errors import Refused, TryLater
from integrations.llms.base import BudgetSpent, Completion
from klark.delivery.record import letter
from klark.drafting.exchanges import overheard
from klark.drafting.tenant_settings import DRAFT, judge_names, model_account, name_of, settings_of
from klark.evidence.closed_ticket import Closed, why_nothing
from klark.evidence.comparison import Compared, compared
from klark.evidence.regression.cases import RegressionCase
from klark.evidence.rerun.playback import NotRecorded
from klark.evidence.rerun.replay import CannotReplay, Changes, Kept, kept, replayed
from klark.models import Draft, Stop, policy_in_force, rules_of, within
from klark.values.draft import Exchange
from klark.values.people import first_name
from klark.values.run_record import RunRecord

CaseVerdict = Literal["right", "incomplete", "wrong", "handed_over", "not_compared"]
VERDICTS: tuple[CaseVerdict, ...] = ("right", "incomplete", "wrong", "handed_over", "not_compared")
TITLES: Mapping[str, Any] = {
    "right": _("right"), "incomplete": pgettext_lazy("a draft", "incomplete"), "wrong": _("wrong"),
    "handed_over": _("handed over"), "not_compared": _("not comparable"),
}  # fmt: skip
WHY_NOT = {
    "unasked": _("a model would have to be asked anew"),
    "share_spent": _("a model would have to be asked anew, and the policy's share of the budget for that is spent"),
    "not_kept": _("what the draft was made of is not kept whole"),
    "no_right": _("it no longer says what was rejected, and nobody wrote what is right"),
    "nothing": _("there is nothing to compare in what the colleague wrote"),
    "unclear": _("neither has a figure to compare, and no model compared them"),
    "same_words": _("it says again what was corrected, and figures alone do not show what was wrong"),
}  # fmt: skip
"""Why a result cannot be told."""
AWAY, NO_USE = frozenset({"TryLater"}), frozenset({"Refused", "Invalid"})
"""Names of errors: of a model that may answer later, and of one that will not until a person changes something."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What comes of a case now.

    `verdict`   of the draft, or "handed_over" where nobody would see one; `why`: why there is none, a key of WHY_NOT
    `text`      the draft; `missing`, `contradicting`: as in `Compared`
    `by_judge`  the judge compared, which finds more than figures do
    `silent`    a model gave nothing usable, so that sections were quoted; `unjudged`: no judge said anything of the draft
    `cost`      what the models cost that drafted and judged, whenever they were asked; `spent`: what was billed now, comparing
                included
    `seconds`   how long klark waited for models, where that is known
    """

    draft_id: int
    verdict: CaseVerdict
    decision: str = ""
    reason: str = ""
    text: str = ""
    missing: tuple[str, ...] = ()
    contradicting: tuple[tuple[str, str], ...] = ()
    why: str = ""
    by_judge: bool = False
    silent: bool = False
    unjudged: bool = False
    cost: Decimal = Decimal(0)
    cost_of_comparing: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    seconds: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns it as files and rows have it."""
        amounts = {name: money(getattr(self, name)) for name in ("cost", "cost_of_comparing", "spent")}
        return {**asdict(self), **amounts}


def money(amount: Decimal) -> str:
    """Returns an amount as files and rows have it: a completion that was kept has more noughts than one that comes anew."""
    return f"{amount:.6f}"


def worth(verdict: str, decision: str) -> int:
    """Returns how good a result is, from 0, a wrong reply that is sent; -1 where nobody can tell."""
    if verdict == "wrong":
        return int(decision != "REPLY")
    return {"handed_over": 2, "incomplete": 3, "right": 4}.get(verdict, -1)


def results_of(
    tenant_id: int, cases: Sequence[RegressionCase], changes: Changes, with_judge: bool, ask_of: Collection[int] = ()
) -> Iterator[CaseResult]:
    """Yields what comes of each case. `with_judge`: a model compares too. `ask_of`: the drafts for which models are asked, as far
    as the budget goes and nobody stops klark there, if they would have to be asked anew. Raises BudgetSpent, TryLater while a
    model is away, and Refused for one that cannot be asked at all. Opens its own transactions."""
    spoke: set[str] = set()
    for case in cases:
        found = _result(tenant_id, case, changes, with_judge, spoke)
        is_asked = found.why == "unasked" and case.draft_id in ask_of and not _is_stopped(tenant_id, case)
        yield _asked(tenant_id, case, replace(changes, models="now"), spoke) if is_asked else found


def _is_stopped(tenant_id: int, case: RegressionCase) -> bool:
    with within(tenant_id):
        draft = Draft.of(tenant_id).filter(pk=case.draft_id).only("tenant", "connection", "topic").first()
        return draft is not None and Stop.holds(draft)


def _asked(tenant_id: int, case: RegressionCase, changes: Changes, spoke: set[str]) -> CaseResult:
    try:
        return _result(tenant_id, case, changes, with_judge=True, spoke=spoke)
    except BudgetSpent:
        return CaseResult(case.draft_id, "not_compared", why="share_spent")


def _result(
    tenant_id: int, case: RegressionCase, changes: Changes, with_judge: bool, spoke: set[str]
) -> CaseResult:  # fmt: skip
    """Returns what comes of a case. `spoke` gathers what models were asked for and answered."""
    heard: list[Exchange] = []
    try:
        one = kept(tenant_id, case.draft_id)
        if changes.models == "recorded" and _by_other_models(one):
            return CaseResult(case.draft_id, "not_compared", why="unasked")
        run, rules = replayed(one, changes, heard)
    except CannotReplay:
        return CaseResult(case.draft_id, "not_compared", why="not_kept")
    except NotRecorded:
        return CaseResult(case.draft_id, "not_compared", why="unasked")
    _must_have_spoken(heard, spoke)
    comparing: list[Exchange] = []
    verdict, why, found = _judged(case, one, run, with_judge, changes.purpose, comparing)
    said = [each.completion for each in heard if each.completion]
    new = [each.completion for each in (*heard, *comparing) if each.completion and not each.completion.kept]
    known = [each.seconds for each in said if each.seconds is not None]
    return CaseResult(
        case.draft_id, verdict, run.decided.kind, str(run.decided.reason),
        letter(run, first_name(one.ticket.requester), rules), found.missing, found.contradicting, why,
        by_judge="judge" in found.by, silent=bool(heard) and run.answer.coverage in ("sections", "failed"),
        unjudged=any(each.failed for each in run.readings[-1:]),
        cost=_cost(said), cost_of_comparing=found.cost, spent=_cost(new),
        seconds=round(sum(known), 3) if known and len(known) == len(said) else None,
    )  # fmt: skip


def _cost(completions: Sequence[Completion]) -> Decimal:
    return sum((each.cost for each in completions), Decimal(0))


def _by_other_models(one: Kept) -> bool:
    """Returns whether other models would draft and judge now: what those of then said tells nothing of them."""
    then = one.record["settings"]
    with within(one.draft.tenant_id):
        policy = policy_in_force(one.draft.tenant_id)
        model, judges = model_account(policy, rules_of(policy)), judge_names(policy)
    now = name_of(model) if model else "", judges
    return (then["first_model"], tuple(name for name, _ in then["judges"])) != now


def _must_have_spoken(heard: Sequence[Exchange], spoke: set[str]) -> None:
    """Raises what keeps the model that drafts from being asked, and what may be over soon. That it gave nothing usable, or not in
    time, is the model's own doing; where it only fails to judge, its drafts wait as they would for customers."""
    spoke.update(each.purpose for each in heard if each.completion)
    for each in heard:
        if each.error == BudgetSpent.__name__:
            raise BudgetSpent
        if each.error in AWAY:
            raise TryLater(each.words)
        if each.error in NO_USE and each.purpose == DRAFT and DRAFT not in spoke:
            raise Refused(each.words)


def _judged(
    case: RegressionCase, one: Kept, run: RunRecord, with_judge: bool, purpose: str, heard: list[Exchange]
) -> tuple[CaseVerdict, str, Compared]:
    """Returns the verdict, why there is none, and what was found. What the judge says is added to `heard`."""
    if run.answer.reply is None or run.decided.kind in ("ESCALATE", "SKIP"):
        return "handed_over", "", Compared()
    if case.right and why_nothing(one.ticket, one.ticket, case.right):
        return "not_compared", "nothing", Compared()
    ours = settings_of(one.draft.tenant_id, about=(one.draft.connection_id, one.draft.ticket_id), purpose=purpose)
    ours = overheard(ours, heard) if with_judge else replace(ours, judge=None)
    found = compared(Closed(one.ticket, one.ticket, case.right or case.said, "", one.others), run, ours) or Compared()
    again, by_judge = _same_words(one, run), "judge" in found.by
    if not case.right:
        is_wrong, only_cost = again or (by_judge and found.verdict == "right"), Compared(cost=found.cost)
        return ("wrong", "", only_cost) if is_wrong else ("not_compared", "no_right", only_cost)
    if found.verdict == "unclear":
        return "not_compared", "unclear", found
    if found.verdict == "right" and again and not by_judge:
        return "not_compared", "same_words", found
    return found.verdict, "", found


def _same_words(one: Kept, run: RunRecord) -> bool:
    """Returns whether the draft says word for word what people corrected."""
    sentences = [each.text for each in run.answer.reply.sentences] if run.answer.reply else []
    return sentences == [each["text"] for each in one.draft.sentences]
