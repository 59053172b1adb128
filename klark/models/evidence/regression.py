"""Runs of a tenant's regression set, and what came of each case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.draft import Draft
from klark.models.evidence.long_run import LongRun
from klark.values.wording import local_day


class RegressionRun(LongRun):
    """One run of the set (klark.evidence.regression.run_sets).

    `asks_models`  models are asked, which costs; otherwise they say what they said when the drafts were made
    `about`        what was in force when it was asked for; `share`: of a run by klark itself, how much of each budget it may use
                   where models would have to be asked anew, in percent; at the end its figures, and what was `spent`
    """

    asks_models = models.BooleanField(_("asks models"), default=False)

    class Meta(LongRun.Meta):
        verbose_name = _("run of the regression set")
        verbose_name_plural = _("regression set")
        constraints = (
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(state__in=["wanted", "running"]), name="one_regression_run_at_a_time"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tenant} · {local_day(self.wanted_at)}"


class RegressionResult(Owned):
    """What came of one case in a run. `found`: the texts and figures (klark.evidence.regression.case_results.CaseResult); of a
    draft that was erased it is empty, and the verdict stays as a number."""

    run = models.ForeignKey(RegressionRun, on_delete=models.CASCADE, related_name="results")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=15)
    decision = models.CharField(max_length=10, blank=True)
    found = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("result of a case")
        verbose_name_plural = _("results of cases")
        constraints = (models.UniqueConstraint(fields=["run", "draft"], name="case_tried_once"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.verdict}"
