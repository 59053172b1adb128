"""How rightly and how fast does earned autonomy open and close? Seeded runs of the ladder that klark itself climbs.

    python -m tests.bench.autonomy [--runs 4000] [--json]

    opens_wrongly        of topics that are right in 95 %: the share that opens within 1,000 judged drafts
    opens_in_time        of topics that are right in 99 %: the share that opens within 200 judged drafts
    closes_in_time       of open topics that fall from 99 to 90 %: the share that closes within 60 judged drafts of after the fall
    mean_open_at_99      how many judged drafts a topic that is right in 99 % stays open for, on average
    drafts_until_closed  how many replies are sent after such a fall until it closes, on average, at 10 % audits

Labels come late: up to 50 drafts after their draft, in another order. `wrong_labels`: the same with 5 % of labels turned
round, beside the best that any test could reach which knows of it; `second_look`: the same where a second person, who errs
as often, looks at each draft that was marked wrong.
"""

import argparse
import heapq
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from klark.autonomy.ladder import Label, Tally
from klark.autonomy.sequential_tests import LikelihoodRatio

AUDITED, LATEST, ERRING, BAR = 0.10, 50, 0.05, 0.97
GOOD, FALLEN, POOR = 0.99, 0.90, 0.95
IN_TIME, LONG, CLOSING, LEVEL, LASTING = 200, 1_000, 60, 0.05, 500
RIGHT, WRONG = Label("right"), Label("wrong")
Labelling = Callable[[Random, bool], bool]
"""What people say of a draft that is right, or is not."""


def truly(_: Random, right: bool) -> bool:
    """Labels that are right."""
    return right


def erring(random: Random, right: bool) -> bool:
    """Labels of which one in twenty is turned round."""
    return right != (random.random() < ERRING)


def looked_at_twice(random: Random, right: bool) -> bool:
    """As `erring`, but a second person looks at what was marked wrong, and has the last word."""
    return erring(random, right) or erring(random, right)


@dataclass(frozen=True)
class Drafts:
    """The drafts of one topic in order, of which the share `judged` is drawn by lot; from `falls_at` on fewer are right."""

    random: Random
    says: Labelling
    quality: float
    judged: float = 1.0
    falls_at: int | None = None

    def labels(self) -> Iterator[tuple[int, bool]]:
        """Yields each judged draft's number with its label, as the labels come in; it never ends."""
        late: list[tuple[int, int, bool]] = []
        number = -1
        while True:
            number += self._gap()
            while late and late[0][0] <= number:
                _, draft, said = heapq.heappop(late)
                yield draft, said
            fallen = self.falls_at is not None and number >= self.falls_at
            right = self.random.random() < (FALLEN if fallen else self.quality)
            heapq.heappush(late, (number + self.random.randint(1, LATEST), number, self.says(self.random, right)))

    def _gap(self) -> int:
        if self.judged >= 1:
            return 1
        return 1 + int(math.log(1 - self.random.random()) / math.log(1 - self.judged))


def opens(drafts: Drafts, within: int) -> bool:
    """Returns whether the topic opens within so many labels."""
    tally = Tally("queue")
    labels = drafts.labels()
    for _ in range(within):
        tally.add(RIGHT if next(labels)[1] else WRONG)
        if tally.climbs(BAR):
            return True
    return False


def closes(drafts: Drafts) -> tuple[int, int]:
    """Returns how many labels of drafts made after the fall came in until the topic closed, and how many replies were sent
    after it. A topic that closes before the fall is opened again."""
    tally, since = Tally("reply"), drafts.falls_at or 0
    after = last = 0
    for number, right in drafts.labels():
        tally.add(RIGHT if right else WRONG)
        last = max(last, number)
        after += number >= since
        if tally.falls() and last >= since:
            return after, last - since + 1
        if tally.falls():
            tally = Tally("reply")
    raise AssertionError("labels never end")


def figures(runs: int, says: Labelling, seed: int) -> dict[str, float]:
    """Returns the five figures for so many runs of each kind."""
    random = Random(seed)
    wrongly = sum(opens(Drafts(random, says, POOR), LONG) for _ in range(runs))
    in_time = sum(opens(Drafts(random, says, GOOD), IN_TIME) for _ in range(runs))
    falls = [closes(Drafts(random, says, GOOD, AUDITED, falls_at=2_000)) for _ in range(runs)]
    lasting = [closes(Drafts(random, says, GOOD, AUDITED, falls_at=None))[0] for _ in range(runs)]
    return {
        "opens_wrongly": round(wrongly / runs, 4),
        "opens_in_time": round(in_time / runs, 4),
        "closes_in_time": round(sum(labels <= CLOSING for labels, _ in falls) / runs, 4),
        "mean_open_at_99": round(sum(lasting) / runs, 1),
        "drafts_until_closed": round(sum(sent for _, sent in falls) / runs, 1),
        "drafts_until_closed_in_95": sorted(sent for _, sent in falls)[math.ceil(0.95 * runs) - 1],
    }


# What any test could reach


def most_opened(poor: float, good: float) -> float:
    """Returns how often the most powerful test of `IN_TIME` labels opens at `good` (Neyman and Pearson): it spends the whole
    level at its end, on the likelihood ratio. No test that opens at `poor` with at most `LEVEL` opens more often by then."""
    level, power = 0.0, 0.0
    for wrong in range(IN_TIME + 1):
        more = _binomial(wrong, 1 - poor)
        taken = min(1.0, (LEVEL - level) / more)
        level, power = level + taken * more, power + taken * _binomial(wrong, 1 - good)
        if taken < 1:
            return power
    return power


def _binomial(hits: int, share: float) -> float:
    return math.comb(IN_TIME, hits) * share**hits * (1 - share) ** (IN_TIME - hits)


def opened_by(test: LikelihoodRatio, quality: float, within: int) -> float:
    """Returns exactly how often a likelihood ratio test opens within so many labels."""
    enough, opened, wrongs = math.log(1 / LEVEL), 0.0, {0: 1.0}
    for labels in range(1, within + 1):
        following: dict[int, float] = defaultdict(float)
        for wrong, chance in wrongs.items():
            following[wrong] += chance * quality
            following[wrong + 1] += chance * (1 - quality)
        over = [wrong for wrong in following if test.log(labels - wrong, wrong) >= enough]
        opened += sum(following.pop(wrong) for wrong in over)
        wrongs = following
    return opened


def run_of(test: LikelihoodRatio, threshold: float, quality: float, labels: int) -> list[float]:
    """Returns exactly how likely a CUSUM is to be still silent after 0, 1, 2, … labels."""
    steps = ((test.log(1, 0), quality), (test.log(0, 1), 1 - quality))
    sums, silent = {0.0: 1.0}, [1.0]
    for _ in range(labels):
        following: dict[float, float] = defaultdict(float)
        for total, chance in sums.items():
            for step, likely in steps:
                reached = max(0.0, round(total + step, 2))  # steps of a hundredth: few sums, and fast
                if reached < threshold:
                    following[reached] += chance * likely
        sums = following
        silent.append(sum(sums.values()))
    return silent


def most_closed(good: float, fallen: float) -> float:
    """Returns how often the CUSUM made for these two qualities closes within `CLOSING` labels, with the lowest threshold
    at which it stays open for `LASTING` on average."""
    test = LikelihoodRatio(good, fallen)
    low, high = 0.0, 6.0
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(run_of(test, middle, good, 8 * LASTING)) >= LASTING else (middle, high)
    return 1 - run_of(test, high, fallen, CLOSING)[-1]


def best(says_right: Callable[[float], float]) -> dict[str, float]:
    """Returns what tests that know how labels err could reach; `says_right`: the share marked right at a true quality."""
    poor, good, fallen = (says_right(quality) for quality in (POOR, GOOD, FALLEN))
    return {
        "opens_in_time_any_test": round(most_opened(poor, good), 4),
        "opens_in_time_anytime_valid": round(opened_by(LikelihoodRatio(poor, good), good, IN_TIME), 4),
        "closes_in_time_cusum": round(most_closed(good, fallen), 4),
    }


def report(runs: int, seed: int = 20261129) -> dict[str, object]:
    """Returns all figures."""
    return {
        **figures(runs, truly, seed),
        "best": best(lambda quality: quality),
        "wrong_labels": {
            **figures(runs, erring, seed),
            "best": best(lambda quality: quality * (1 - ERRING) + (1 - quality) * ERRING),
        },
        "second_look": figures(runs, looked_at_twice, seed),
        "runs": runs,
    }


def main(arguments: list[str] | None = None) -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=4_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    told = report(given.runs)
    print(json.dumps(told) if given.json else json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
