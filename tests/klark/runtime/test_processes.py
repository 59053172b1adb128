"""Children end with their owner and leave nothing behind; tested against real processes."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from klark.runtime.processes import LIFELINE, UNCHANGED, Account, Child, StartFailed, free_port, spawn, wait_until
from tests.klark.owners import another_account, family, gone, owner, soon, status

# Says when it is ready; says which signal came, and obeys or not.
TRAP = 'trap "echo got TERM; exit 7" TERM; trap "echo got INT; exit 8" INT; echo ready; while :; do sleep 0.05; done'
DEAF = 'trap "echo deaf to TERM" TERM; echo ready; while :; do sleep 0.05; done'


class Nursery:
    """Spawns, and stops at the end of the test what is still there."""

    def __init__(self, log: Path, undo: ExitStack) -> None:
        self.log = log
        self.undo = undo

    def child(self, *argv: str, **options: object) -> Child:
        child = spawn(argv, log=self.log, **options)  # type: ignore[arg-type]  # each test names the options it is about
        self.undo.callback(child.stop, 0)
        return child

    def shell(self, script: str, **options: object) -> Child:
        child = self.child("sh", "-c", script, **options)
        wait_until(lambda: "ready" in self.lines(), 10, "the script was ready", child)
        return child

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def output_of(self, *argv: str, **options: object) -> str:
        assert self.child(*argv, **options).ended_within(10)
        return self.log.read_text().strip()


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    with ExitStack() as undo:
        yield Nursery(tmp_path / "logs" / "child.log", undo)


def test_output_and_errors_are_appended_to_the_log_and_a_child_tells_its_own_part(nursery: Nursery) -> None:
    first = nursery.child("sh", "-c", "echo first; echo oops >&2")
    assert first.ended_within(10)
    second = nursery.child("echo", "second")
    assert second.ended_within(10)
    assert (nursery.lines(), second.output()) == (["first", "oops", "second"], "second\n")


def test_a_child_without_a_log_runs_silently(capfd: pytest.CaptureFixture[str]) -> None:
    child = spawn(["echo", "hello"])
    assert child.ended_within(10)
    assert (child.stop(), child.tail(), capfd.readouterr().out) == (0, "", "")


def test_stop_asks_with_sigterm_by_default(nursery: Nursery) -> None:
    assert nursery.shell(TRAP).stop() == 7
    assert nursery.lines() == ["ready", "got TERM"]


def test_stop_asks_with_the_chosen_signal(nursery: Nursery) -> None:
    assert nursery.shell(TRAP, stop_signal=signal.SIGINT).stop() == 8
    assert nursery.lines() == ["ready", "got INT"]


def test_a_child_deaf_to_the_polite_signal_is_killed_after_the_timeout(nursery: Nursery) -> None:
    child = nursery.shell(DEAF)
    assert child.stop(timeout=0.3) == -signal.SIGKILL
    assert nursery.lines() == ["ready", "deaf to TERM"]


def test_stop_ends_the_childs_own_children_too(nursery: Nursery) -> None:
    child = nursery.shell("sleep 600 & echo ready; wait")
    _, grandchild = family(child.pid)
    child.stop()
    assert soon(lambda: gone(grandchild))


def test_stop_ends_what_a_child_left_behind_when_it_ended_by_itself(nursery: Nursery) -> None:
    child = nursery.shell('sleep 600 & echo "$!"; echo ready')
    assert child.ended_within(10)
    left_behind = int(nursery.lines()[0])
    assert not gone(left_behind)
    assert child.stop() == 0
    assert soon(lambda: gone(left_behind))


def test_stop_may_be_repeated(nursery: Nursery) -> None:
    child = nursery.shell(TRAP)
    assert [child.stop(), child.stop()] == [7, 7]


def test_alive_tells_a_running_child_from_an_ended_and_from_a_stopped_one(nursery: Nursery) -> None:
    running, ended = nursery.child("sleep", "600"), nursery.child("true")
    assert ended.ended_within(10)
    before = (running.alive(), ended.alive())
    running.stop(), ended.stop()
    assert (before, running.alive(), ended.alive()) == ((True, False), False, False)


def test_ctrl_c_in_the_terminal_does_not_reach_a_child(nursery: Nursery) -> None:
    child = nursery.child("sleep", "600")
    assert (os.getsid(child.pid), os.getpgid(child.pid)) == (child.pid, child.pid)


def test_a_child_gets_exactly_the_given_environment_and_folder(nursery: Nursery, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "COLOUR": "blue"}
    assert (
        nursery.output_of("sh", "-c", "echo $COLOUR $HOME; pwd -P", env=environment, cwd=tmp_path)
        == f"blue\n{tmp_path}"
    )


def test_a_child_ignores_and_blocks_no_signal(nursery: Nursery) -> None:
    child = nursery.child("sleep", "600")
    assert soon(lambda: status(child.pid, "Name") == "sleep")
    assert {int(status(child.pid, field), 16) for field in ("SigIgn", "SigBlk")} == {0}


def test_a_child_inherits_only_the_descriptors_it_is_passed(nursery: Nursery, tmp_path: Path) -> None:
    passed, kept = (os.open(tmp_path, os.O_RDONLY) for _ in range(2))
    listing = nursery.output_of("sh", "-c", "for fd in /proc/$$/fd/*; do readlink $fd; done", pass_fds=(passed,))
    os.close(passed), os.close(kept)
    assert listing.splitlines().count(str(tmp_path)) == 1


def test_a_child_runs_as_the_account_it_is_given_and_in_no_group_of_its_owner(nursery: Nursery) -> None:
    account = Account(*another_account())
    if account != UNCHANGED:
        nursery.undo.callback(os.setgroups, os.getgroups())
        os.setgroups([0, 4])
    child = nursery.child("sleep", "600", account=account)
    assert soon(lambda: status(child.pid, "Name") == "sleep")
    uid, gid = (os.geteuid(), os.getegid()) if account == UNCHANGED else account
    assert status(child.pid, "Uid").split() == [str(uid)] * 4
    assert status(child.pid, "Gid").split() == [str(gid)] * 4
    if account != UNCHANGED:
        assert status(child.pid, "Groups") == ""


@pytest.mark.parametrize("account", [UNCHANGED, Account(*another_account())])
def test_a_child_ends_when_its_owner_is_killed(account: Account, tmp_path: Path) -> None:
    where = (*map(str, account), str(tmp_path / "log"))
    with owner("children", str(int(signal.SIGKILL)), *where, "sleep", "600") as killed:
        (pid,) = killed.facts()["pids"]
        assert soon(lambda: status(pid, "Name") == "sleep")
        killed.kill()
        assert soon(lambda: gone(pid))


@pytest.mark.parametrize("chosen", [signal.SIGTERM, signal.SIGINT])
def test_an_orphan_is_told_with_the_chosen_signal(chosen: signal.Signals, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with owner("children", str(int(chosen)), "-1", "-1", str(log), "sh", "-c", TRAP) as killed:
        (pid,) = killed.facts()["pids"]
        assert soon(lambda: "ready" in log.read_text())
        killed.kill()
        assert soon(lambda: gone(pid))
    assert log.read_text().splitlines() == ["ready", f"got {chosen.name.removeprefix('SIG')}"]


def test_an_orphan_takes_its_own_children_along(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = 'sleep 600 & trap "kill $!; exit" TERM; echo ready; wait'
    with owner("children", str(int(signal.SIGTERM)), "-1", "-1", str(log), "sh", "-c", script) as killed:
        (pid,) = killed.facts()["pids"]
        assert soon(lambda: "ready" in log.read_text())
        both = family(pid)
        killed.kill()
        assert soon(lambda: all(map(gone, both)))
    assert len(both) == 2


def test_a_program_is_not_begun_for_an_owner_that_has_ended() -> None:
    with subprocess.Popen(["true"]) as ended:
        pass
    lifeline = [sys.executable, "-I", "-S", str(LIFELINE), str(ended.pid), "9", "-1", "-1", "/bin/echo", "begun"]
    attempt = subprocess.run(lifeline, capture_output=True, text=True, check=False)
    assert (attempt.returncode, attempt.stdout, attempt.stderr.strip()) == (
        1, "", "cannot run /bin/echo: the owner has ended already",
    )  # fmt: skip


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"^there is no program no-such-program to run$"):
        spawn(["no-such-program"])


def test_a_program_that_cannot_be_run_is_named_in_the_log(nursery: Nursery, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF, not really")
    broken.chmod(0o755)
    child = nursery.child(str(broken))
    assert child.ended_within(10)
    assert (child.stop(), nursery.lines()) == (1, [f"cannot run {broken}: [Errno 8] Exec format error"])


def test_no_child_is_started_from_a_thread_that_may_end_before_it() -> None:
    refusals: list[str] = []

    def try_it() -> None:
        try:
            spawn(["true"])
        except RuntimeError as error:
            refusals.append(str(error))

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert refusals == ["children are started from the main thread only"]


def test_a_free_port_can_be_listened_on_and_a_taken_one_is_not_offered() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        assert taken.getsockname()[1] not in {free_port() for _ in range(50)}


def test_waiting_ends_as_soon_as_the_probe_is_true() -> None:
    answers = iter([False, False, True])
    wait_until(lambda: next(answers), 10, "it was true")
    assert list(answers) == []


def test_waiting_in_vain_shows_the_end_of_the_log(nursery: Nursery) -> None:
    child = nursery.shell("seq 1 100; echo ready; sleep 600")
    with pytest.raises(StartFailed) as failure:
        wait_until(lambda: False, 0.1, "it answered", child)
    numbers = "".join(f"\n  {number}" for number in range(87, 101))
    assert str(failure.value) == f"0.1 s went by before it answered{numbers}\n  ready"


def test_waiting_for_a_child_that_has_ended_is_given_up_at_once(nursery: Nursery) -> None:
    child = nursery.child("sh", "-c", "echo no disk; exit 3")
    with pytest.raises(StartFailed) as failure:
        wait_until(lambda: False, 60, "it answered", child)
    assert str(failure.value) == "sh ended with status 3 before it answered\n  no disk"  # not: "60 s went by"
