"""`manage.py demo`: shows klark answering an invented shop's tickets, on a machine with nothing installed.

Read `klark.demo.processes` for what is started, and `klark.demo.play_tickets` for how tickets happen.
"""

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.live import Live

from klark.demo import shop
from klark.demo.closed_tickets import furnish
from klark.demo.closing import close, not_replayed, tell, tell_logins
from klark.demo.expectations import Score, score
from klark.demo.invented_history import invent
from klark.demo.model_choice import SAID, WRITERS, expected
from klark.demo.play_tickets import Played, act
from klark.demo.processes import ENVIRONMENT, Stage, stage, wait_for_desks, wait_for_web
from klark.demo.read_outcomes import Watched, watch
from klark.demo.screen import WIDE, Steps, fitting, table, told
from klark.demo.seed import Seeded, await_meaning, seed
from klark.drafting.scheduled_judge_checks import qualify
from klark.models import WebhookEvent, within
from klark.runtime.embedded_servers import CannotStart
from klark.runtime.processes import StartFailed, free_port
from klark.runtime.standalone import standalone

PACE_S = 1.2  # between tickets, and with --once until the first draft stands, which many would hold up
ONCE_PACE_S = 0.1
LOOK_S, GLANCE_S = 0.2, 0.4  # between two looks: at the end, and between tickets
PATIENCE_S = 180.0  # after the last ticket
ENDED = object()


class Command(BaseCommand):
    """Starts everything, plays the shop's tickets, and shows what klark does with them."""

    help = "Play an invented shop's tickets through klark, with everything started here: no account, no key, no Docker."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument("--data", type=Path, default=Path(".klark"), help="the folder all state lives in")
        parser.add_argument("--fresh", action="store_true", help="start again from nothing")
        parser.add_argument("--once", action="store_true", help="play the script, print the table, and end")
        parser.add_argument("--json", action="store_true", help="print one JSON object last")
        parser.add_argument(
            "--llm",
            choices=WRITERS,
            default="recorded",
            help="who writes; openai reads KLARK_MODEL_* (default: %(default)s)",
        )
        parser.add_argument("--port", type=int, default=0, help="the web server's port (default: a free one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the demo until Ctrl-C, or until its script ends with --once."""
        started = time.monotonic()
        if options["llm"] == "openai" and not settings.KLARK_MODEL_NAME:
            raise CommandError(
                "--llm openai needs KLARK_MODEL_NAME, and KLARK_MODEL_URL and KLARK_MODEL_KEY as the server asks."
            )
        folder = options["data"].resolve()
        console = Console(stderr=options["json"])
        console.print(
            "klark starts its own PostgreSQL, Valkey, helpdesks, web server and worker, then plays a shop's tickets."
        )
        try:
            with (
                Steps(console) as steps,
                standalone(folder, fresh=options["fresh"]) as environment,
                stage(folder, environment, options["port"] or free_port(), options["llm"]) as running,
            ):
                seeded = self._set_up(running, steps)
                console.print(SAID[running.writer])
                self._play(running, seeded, console, started, options)
        except KeyboardInterrupt:
            console.print("\nStopped; nothing is left running.")
        except (CannotStart, StartFailed) as error:
            raise CommandError(str(error)) from error

    def _set_up(self, running: Stage, steps: Steps) -> Seeded:
        """Does what comes before the first ticket. The child processes start meanwhile."""
        steps.begin("The tables")
        call_command("migrate", verbosity=0)
        steps.begin("The shop, its articles, its helpdesks")
        wait_for_desks(running)
        furnish(running.sandbox)
        seeded = seed(running.sandbox, running.web)
        steps.begin("The web server")
        wait_for_web(running)
        steps.begin("The articles' vectors, the judge's check")
        get_ready(running, seeded, steps)
        steps.stop()
        return seeded

    def _play(self, running: Stage, seeded: Seeded, console: Console, started: float, options: dict[str, Any]) -> None:
        show = Show(running, seeded, console, ONCE_PACE_S if options["once"] else PACE_S, started)
        show.run()
        result = show.score()
        closing = close(running, seeded)
        tell(console, running, seeded, closing, result)
        if not options["once"]:
            tell_logins(console, running, seeded, options["data"].resolve() / ENVIRONMENT)
            self._stay(running)
            return
        result.wall_s = round(time.monotonic() - started, 1)
        if closing.trouble:
            result.add("backtest", closing.trouble)
        for differs in not_replayed(seeded):
            result.add("replay", differs)
        for difference in result.differences:
            console.print(difference, style="red", markup=False)
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json()))
        if not result.good:
            raise SystemExit(1)

    def _stay(self, running: Stage) -> None:
        while True:
            running.check()
            time.sleep(1)


def get_ready(running: Stage, seeded: Seeded, steps: Steps) -> None:
    """Waits for what a real installation has before its first ticket: embedded passages, and a judge that passed its check.

    The worker makes the vectors while the judge is checked here.
    """
    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(_checked, running, seeded)
        await_meaning(seeded, steps.progressed, running.check)
        passed = checked.result()
    if not passed:
        steps.console.print(
            "The judge has not passed its check: nothing goes to a customer on its word.", style="yellow"
        )


def _checked(running: Stage, seeded: Seeded) -> bool:
    """Returns whether all judges have passed their check; True without a model, where there is none."""
    try:
        return running.writer == "none" or all(judge.passed for judge in qualify(seeded.tenant_id))
    finally:
        connection.close()


class Show:
    """Plays the script: tickets happen one by one, `pace` seconds apart, while klark's rows are watched and shown.

    `started` is when the command began, by time.monotonic().
    """

    def __init__(self, running: Stage, seeded: Seeded, console: Console, pace: float, started: float) -> None:
        self.running, self.seeded, self.console = running, seeded, console
        self.pace, self.started = pace, started
        self.began = timezone.now()
        self.played = [Played(expected(ticket, running.writer)) for ticket in shop.tickets()]
        self.seen: dict[str, Watched] = {}
        self.first_draft = 0.0
        self.acts: list[tuple[Played, Iterator[None]]] = []
        self.untold = [] if console.is_terminal else list(self.played)

    def run(self) -> None:
        """Runs until every ticket has happened and klark has finished them all, or PATIENCE_S after the last ticket."""
        with Live(console=self.console, refresh_per_second=4, transient=False) as live:
            for each in self.played:
                self._advance((each, act(each, self.running.sandbox)))
                self._look_for(live, self.pace if self.first_draft else PACE_S)
            end = time.monotonic() + PATIENCE_S
            while time.monotonic() < end and not self._done():
                self._look(live, LOOK_S)
            live.update(table(self.played, self.seen, self.console.width >= WIDE))

    def _advance(self, one: tuple[Played, Iterator[None]]) -> None:
        if next(one[1], ENDED) is not ENDED:
            self.acts.append(one)

    def _look_for(self, live: Live, seconds: float) -> None:
        """Looks again and again until the next ticket's time has come."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._look(live, min(left, GLANCE_S))

    def _look(self, live: Live, seconds: float) -> None:
        time.sleep(seconds)
        self.running.check()
        self.seen = watch(self.seeded, self.played)
        if not self.first_draft and any(one.text for seen in self.seen.values() for one in seen.stood):
            self.first_draft = time.monotonic() - self.started
            invent()  # while nobody waits for it; its drafts are older than most of the script's, whose topics the filters offer
        for one in [one for one in self.acts if self._settled(one[0])]:
            self.acts.remove(one)
            self._advance(one)
        for each in [each for each in self.untold if self._settled(each)]:
            self.untold.remove(each)
            self.console.print(told(each, self.seen[each.script.id]), markup=False)
        live.update(fitting(self.played, self.seen, self.console))

    def _settled(self, each: Played) -> bool:
        seen = self.seen.get(each.script.id)
        return seen is not None and not seen.busy and len(seen.stood) >= each.turns

    def _done(self) -> bool:
        return not self.acts and all(map(self._settled, self.played)) and self.running.sandbox.settled(0.1)

    def score(self) -> Score:
        """Returns the figures of the run so far."""
        self.seen = watch(self.seeded, self.played)
        result = score(self.played, self.seen, self.running.sandbox.writes())
        webhooks = self.running.sandbox.webhooks()
        result.webhooks = sum(len(each["attempts"]) for each in webhooks)
        with within(self.seeded.tenant_id):
            events = WebhookEvent.of(self.seeded.tenant_id).filter(origin=WebhookEvent.Origin.WEBHOOK)
            kept = events.filter(received_at__gte=self.began).count()
        result.duplicates_dropped = result.webhooks - kept
        result.first_draft_s, result.wall_s = round(self.first_draft, 1), round(time.monotonic() - self.started, 1)
        return result
