"""How often does klark suggest what no tenant does, and after how many replies does it see a habit? Invented agents, seeded.

    python -m tests.bench.suggestions [--tenants 400] [--seed 7] [--drafts 100000] [--json]

    false_per_quiet_quarter  suggestions to a tenant whose agents have no common habit, in the 13 weeks of a quarter, looked at
                             every week: how many different ones on average, the share of quarters with any, and `by_kind`
    found                    by habit: of tenants with this one habit, the share that is told of it within the quarter, and after
                             how many of the replies that it could show in (median, and nine in ten)
    page_ms                  with --drafts: the 95th percentile of the page of a tenant with so many drafts, nine in ten reviewed,
                             one in five of these edited; as tests.bench.admin measures

Each tenant has four agents, of whom the busiest reviews five times as much as the least, six topics, an article a topic in two
languages, and 5 to 60 reviewed drafts a week. Every agent has a taste of his own: a sign-off with his name, a greeting that
colleagues may share, how often he edits (5 to 40 %) and rejects (2 to 8 %). Topics fail up to twice or half as often as others.
In 3 of 100 replies somebody grants an exception, which puts another value in the place of the article's. A habit is followed in
8 of 10 replies that it could show in, by everybody.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from random import Random
from statistics import median
from typing import Any

import tests.bench.ready  # noqa: F401  # isort: skip

from django.urls import reverse

from klark.evidence.suggestions.edits import Changed, Edit, changed
from klark.evidence.suggestions.habits import Review, topics, values, words_around
from klark.evidence.suggestions.suggestion import Suggestion
from klark.models import Draft, Outcome, within
from klark.values.policy.rules import Rules
from tests.bench.admin import analyze, copies, fill, measured
from tests.bench.stage import database
from tests.klark.companies import company, login

WEEKS, FOLLOWED, EXCEPTIONS, FAILING, GOOD = 13, 0.8, 0.03, 0.5, 0.99
SIZES = (5, 10, 20, 40, 60)
AGENTS, SHARES = ("Ines", "Marek", "Tove", "Bilal"), (5, 3, 2, 1)
TOPICS = ("delivery", "returns", "refunds", "warranty", "account", "invoice")
HABITS = ("sign_off", "greeting", "article", "note", "autonomy")
FACTS = {
    "en": "You can do this within {n} days of the {topic} message. We confirm it by e-mail, and nothing else is needed from you.",
    "fr": "Vous pouvez le faire dans les {n} jours qui suivent le message de {topic}. Nous le confirmons par e-mail.",
}
GREETED = {"en": ("Dear {name},", "Hi {name},", "Good morning {name},"), "fr": ("Cher {name},", "Bonsoir {name},")}
HELLO = {"en": "Hello {name},", "fr": "Bonjour {name},"}
BYE = {"en": "The Acme team", "fr": "L'équipe Acme"}
REGARDS = {"en": "Kind regards,\nAcme customer care", "fr": "Bien à vous,\nLe service client d'Acme"}
ADDED = {"en": "Do tell us how it went.", "fr": "Dites-nous comment cela s'est passé."}
RULES = Rules(mode="queue", sign_off=BYE)


@dataclass
class Tenant:
    """A tenant with one habit, or with none (""), and what it has reviewed so far."""

    chance: Random
    habit: str
    reviews: list[Review] = field(default_factory=list)
    edits: list[Changed] = field(default_factory=list)
    stated: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    could_show: int = 0

    def __post_init__(self) -> None:
        draw = self.chance
        self.a_week = draw.choice(SIZES)
        self.edits_often = {agent: draw.uniform(0.05, 0.4) for agent in AGENTS}
        self.rejects = {agent: draw.uniform(0.02, 0.08) for agent in AGENTS}
        self.taste = {agent: draw.randrange(3) for agent in AGENTS}
        self.worse = {topic: 2 ** draw.uniform(-1, 1) for topic in TOPICS}
        self.days = {topic: draw.choice((7, 14, 30)) for topic in TOPICS}
        self.of = draw.choice(TOPICS)

    def review(self) -> None:
        """One more draft is reviewed."""
        draw, number = self.chance, len(self.reviews) + 1
        topic = self.of if draw.random() < 0.25 else draw.choice(TOPICS)
        language, by = draw.choices(("en", "fr"), (7, 3))[0], draw.choices(AGENTS, SHARES)[0]
        name = draw.choice(("Camille", "Anna", "Paul"))
        key = f"{topic}/{language}"
        mine = self.habit in ("note", "autonomy", "article") and topic == self.of
        if mine or self.habit in ("sign_off", "greeting"):
            self.could_show += 1
        text = FACTS[language].format(n=self.days[topic], topic=topic)
        failing = FAILING if mine and self.habit == "note" else self.rejects[by] * self.worse[topic]
        if draw.random() < failing and not (mine and self.habit == "autonomy"):
            self.reviews.append(Review(number, "rejected", by, topic, language))
            return
        value = f"{self.days[topic]} {'days' if language == 'en' else 'jours'}"
        self.stated.setdefault((key, value), set()).add(number)
        drafted = "\n\n".join((HELLO[language].format(name=name), text, BYE[language]))
        sent = self._sent(drafted, language, by, name, value, mine)
        if mine and self.habit == "autonomy" and draw.random() < GOOD:
            sent = drafted
        if sent == drafted:
            self.reviews.append(Review(number, "approved", by, topic, language))
            return
        self.reviews.append(Review(number, "edited", by, topic, language, kept=0.8))
        sentences = tuple((f"{each}.", frozenset({key})) for each in text.rstrip(".").split(". "))
        self.edits.append(changed(Edit(number, by, language, f"{name} Durand", drafted, sent, sentences)))

    def _sent(self, drafted: str, language: str, by: str, name: str, value: str, mine: bool) -> str:
        """What the agent sends: some of his own tastes, seldom an exception, and the tenant's habit."""
        draw, sent = self.chance, drafted
        if draw.random() < self.edits_often[by]:
            tastes = draw.sample(("greeting", "name", "added", "dropped"), draw.randint(1, 2))
            greeting = GREETED[language][self.taste[by] % len(GREETED[language])].format(name=name)
            sent = sent.replace(HELLO[language].format(name=name), greeting) if "greeting" in tastes else sent
            sent = sent.replace(BYE[language], f"{BYE[language]}\n{by}") if "name" in tastes else sent
            sent = (
                sent.replace(f"\n\n{BYE[language]}", f" {ADDED[language]}\n\n{BYE[language]}")
                if "added" in tastes
                else sent
            )
            sent = sent.replace(" by e-mail", "").replace(" par e-mail", "") if "dropped" in tastes else sent
        if draw.random() < EXCEPTIONS:
            sent = self._other(sent, value, draw.choice((21, 30, 45, 60)))
        if draw.random() < FOLLOWED:
            if self.habit == "article" and mine:
                sent = self._other(sent, value, 90)
            if self.habit == "sign_off":
                sent = sent.replace(BYE[language], REGARDS[language])
            if self.habit == "greeting":
                sent = f"{GREETED[language][0].format(name=name)}\n\n{sent.split(chr(10) * 2, 1)[1]}"
        return sent

    @staticmethod
    def _other(sent: str, value: str, days: int) -> str:
        return sent.replace(value, value.replace(value.split(maxsplit=1)[0], str(days)))

    def told(self) -> list[Suggestion]:
        """What klark suggests now."""
        people = len({one.by for one in self.reviews})
        return [
            *words_around(self.reviews, self.edits, RULES), *topics(self.reviews, RULES),
            *values(self.edits, people, lambda key, value: frozenset(self.stated.get((key, value), ()))),
        ]  # fmt: skip

    def is_true(self, one: Suggestion) -> bool:
        """Whether it is the tenant's habit."""
        return one.kind == self.habit and (self.habit in ("sign_off", "greeting") or one.about.split("/")[0] == self.of)


def quarter(tenant: Tenant) -> Iterator[list[Suggestion]]:
    """Yields what is suggested after each week."""
    for _ in range(WEEKS):
        for _ in range(tenant.a_week):
            tenant.review()
        yield tenant.told()


def quiet(seed: int, tenants: int) -> dict[str, Any]:
    """Returns how often tenants without a habit are told of one."""
    told: list[Counter[str]] = []
    for number in range(tenants):
        keys = {one.key for week in quarter(Tenant(Random(f"{seed}/quiet/{number}"), "")) for one in week}
        told.append(Counter(key.partition("/")[0] for key in keys))
    by_kind = sum(told, Counter[str]())
    return {"suggestions": round(by_kind.total() / tenants, 4), "quarters_with_any": round(sum(map(bool, told)) / tenants, 4),
            "by_kind": dict(by_kind), "quarters": tenants}  # fmt: skip


def found(seed: int, tenants: int, habit: str) -> dict[str, Any]:
    """Returns how soon a habit is told of; looked at after each review."""
    after: list[int] = []
    for number in range(tenants):
        tenant = Tenant(Random(f"{seed}/{habit}/{number}"), habit)
        for _ in range(WEEKS * tenant.a_week):
            tenant.review()
            if any(tenant.is_true(one) for one in tenant.told()):
                after.append(tenant.could_show)
                break
    within = sorted(after)
    return {"told": round(len(after) / tenants, 3), "replies_median": median(within) if within else None,
            "replies_nine_in_ten": within[int(0.9 * (len(within) - 1))] if within else None, "tenants": tenants}  # fmt: skip


def figures(tenants: int, seed: int) -> dict[str, Any]:
    """Returns all figures."""
    few = max(tenants // 4, 2)
    habits = {one: found(seed, few, one) for one in HABITS}
    return {"seed": seed, "false_per_quiet_quarter": quiet(seed, tenants), "found": habits}


def page_ms(drafts: int) -> float:
    """Returns how long the page takes, in milliseconds, in a database of its own."""
    letter = "\n\n".join((HELLO["en"].format(name="Anna"), FACTS["en"].format(n=14, topic="returns"), BYE["en"]))
    edited = letter.replace("14 days", "30 days").replace(BYE["en"], REGARDS["en"])
    with database():
        ours = company("alder")
        with within(ours.tenant):
            said, source = letter.split("\n\n")[1].split(". "), {"article": "alder-key"}
            sentences = [{"text": f"{each.rstrip('.')}.", "sources": [source]} for each in said]
            whole = {
                "reply_text": letter,
                "sentences": sentences,
                "requester": "Anna Durand",
                "rests_on": [ours.article],
            }
            Draft.of(ours.tenant).update(**whole)
            row = Outcome.objects.create(tenant_id=ours.tenant, draft_id=ours.draft, kind="approved", text=edited)
        fill(ours, drafts)
        sent = f"(SELECT * FROM klark_draft WHERE id > {ours.draft} AND id % 10 > 0) AS draft"
        copies(Outcome, row.pk, sent, draft_id="draft.id",
               kind="CASE WHEN draft.id % 5 = 0 THEN 'edited' ELSE 'approved' END", kept="0.9", singly="true",
               by="CASE draft.id / 10 % 2 WHEN 0 THEN 'ada' ELSE 'bob' END", at="draft.created_at")  # fmt: skip
        analyze()
        return measured(login("lead", (ours, "lead")), repeat(reverse("admin:klark_suggestions")))[0]


def main(argv: Sequence[str] | None = None) -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="tests.bench.suggestions", description=__doc__)
    parser.add_argument("--tenants", type=int, default=400, help="quiet tenant-quarters (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="another seed gives other agents (default: %(default)s)")
    parser.add_argument("--drafts", type=int, default=0, help="measure the page with so many (default: not at all)")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args(argv)
    page = {"drafts": given.drafts, "page_ms": page_ms(given.drafts)} if given.drafts else {}
    print(json.dumps({**page, **figures(given.tenants, given.seed)}, indent=None if given.json else 1))


if __name__ == "__main__":
    main()
