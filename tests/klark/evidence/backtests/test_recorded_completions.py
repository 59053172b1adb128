"""What a backtest was told is kept in a file, and never asked for again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from integrations.llms.base import LLM
from klark.drafting.caching_llm import CachingLLM
from klark.evidence.backtests.recorded_completions import NAME, RecordedCompletions
from klark.values.draft import Judge
from klark.values.policy.rules import Rules
from klark.values.tenant_settings import TenantSettings
from tests.klark.said import TODAY, Drafter, asked, completion, prompt_of

PROMPT = prompt_of(asked())


def over(folder: Path, model: Drafter, name: str = "model", day: date = TODAY) -> TenantSettings:
    llm: LLM = CachingLLM(lambda: model, lambda _: None, lambda *_: None, name)
    ours = TenantSettings(1, Rules(), (), (llm, Drafter(completion())), TODAY, judge=Judge(llm, name), reader=llm)
    return RecordedCompletions(folder, day).over(ours)


def test_a_second_run_asks_no_model(tmp_path: Path) -> None:
    model = Drafter(completion(("It takes 3 days.", ["P1.1"]), cost=Decimal("0.01")))
    first = over(tmp_path, model).drafters[0].complete(PROMPT)
    assert over(tmp_path, model).drafters[0].complete(PROMPT) == first
    assert len(model.asked) == 1


def test_another_model_and_another_question_are_asked(tmp_path: Path) -> None:
    model = Drafter(completion())
    over(tmp_path, model).drafters[0].complete(PROMPT)
    over(tmp_path, model, "another").drafters[0].complete(PROMPT)
    over(tmp_path, model).drafters[0].complete(replace(PROMPT, user="Else?"))
    assert len(model.asked) == 3


def test_judge_and_reader_are_kept_too_and_what_costs_nothing_is_left_as_it_is(tmp_path: Path) -> None:
    model = Drafter(completion())
    ours = over(tmp_path, model)
    assert ours.judge is not None
    assert ours.reader is not None
    for each in (ours.judge.llm, ours.reader):
        each.complete(PROMPT)
    assert (len(model.asked), isinstance(ours.drafters[1], Drafter)) == (1, True)


def test_the_day_of_the_first_run_stays_today(tmp_path: Path) -> None:
    RecordedCompletions(tmp_path, TODAY)
    assert RecordedCompletions(tmp_path, date(2027, 1, 1)).day == TODAY


def test_a_line_that_a_killed_run_cut_off_is_asked_again_and_the_rest_kept(tmp_path: Path) -> None:
    model = Drafter(completion())
    over(tmp_path, model).drafters[0].complete(PROMPT)
    with (tmp_path / NAME).open("a") as out:
        out.write('{"digest": "abc", "con')
    over(tmp_path, model).drafters[0].complete(replace(PROMPT, user="Else?"))
    assert len(RecordedCompletions(tmp_path, TODAY).by_digest) == 2
