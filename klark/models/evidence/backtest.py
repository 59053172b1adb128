"""Backtests that a lead asked for, and what came of each ticket that they looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.connection import Connection
from klark.models.evidence.long_run import LongRun


class BacktestRun(LongRun):
    """One backtest of a connection's closed tickets (klark.evidence.backtests.run_backtests).

    `cursor`  from where the helpdesk's changes are still to be read; "" is `since`
    `about`   as its report says it; filled at the end
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    since = models.DateField(_("tickets changed since"))
    limit = models.PositiveIntegerField(_("closed tickets at most"))
    cursor = models.CharField(max_length=500, blank=True)

    class Meta(LongRun.Meta):
        verbose_name = _("backtest")
        verbose_name_plural = _("backtests")
        constraints = (
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(state__in=["wanted", "running"]), name="one_backtest_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.connection} · {self.since}"


class BacktestedTicket(Owned):
    """A ticket that a backtest looked at: why it was left out, or `found`, what came of it
    (klark.evidence.backtests.backtest.tried), with the requester's address, so that an erasure finds it. Of what was erased
    since, both are empty."""

    run = models.ForeignKey(BacktestRun, on_delete=models.CASCADE, related_name="tickets")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    left_out = models.CharField(max_length=20, blank=True)
    found = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("backtested ticket")
        verbose_name_plural = _("backtested tickets")
        constraints = (models.UniqueConstraint(fields=["run", "ticket_id"], name="backtested_once"),)

    def __str__(self) -> str:
        return f"#{self.ticket_id}"
