"""Work of minutes or hours that a worker does in slices, and that a person may cancel and take up again."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.policy import Policy


class LongRun(Owned):
    """One run (klark.evidence.long_runs). A tenant, or an article, has one of a kind under way at a time.

    `policy`         the version that is tried; None where the tenant had none
    `failures`       how often in a row another server was away
    `running_until`  end of the lease of `runner`
    `about`          what it was run with
    """

    class State(models.TextChoices):
        """From wanted by running to one of the three ends. What failed goes on where it stopped, if somebody wants it."""

        WANTED = "wanted", _("waiting for a worker")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped by a failure")
        CANCELLED = "cancelled", _("cancelled")

    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    trouble = models.CharField(_("trouble"), max_length=500, blank=True)
    by = models.CharField(_("by"), max_length=150, blank=True)
    failures = models.PositiveIntegerField(default=0)
    runner = models.UUIDField(null=True)
    running_until = models.DateTimeField(null=True)
    about = models.JSONField(default=dict)
    wanted_at = models.DateTimeField(_("asked for"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        abstract = True
        ordering = ("-wanted_at",)


UNDER_WAY = (LongRun.State.WANTED, LongRun.State.RUNNING)
