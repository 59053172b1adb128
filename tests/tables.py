"""On a run of all tests, the cases of a table that asks for no fixture are one test; a pytest plugin.

Half of all cases are such: a function of its parameters alone, over in less time than pytest takes to begin it and to tell of
it. Each case is still tried, whatever became of the others, and those that fail are told by their own ids. A run of some
tests has each case as its own.
"""

import inspect
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest


def whole(config: pytest.Config) -> bool:
    """Whether all tests run."""
    chosen = config.option.keyword or config.option.markexpr
    return not chosen and [Path(given).absolute() for given in config.args] == [config.rootpath / "tests"]


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class) -> Generator[None, Any, Any]:
    found = yield
    if isinstance(found, list) and len(found) > 1 and whole(collector.config) and is_table(found):
        return [pytest.Function.from_parent(collector, name=found[0].originalname, callobj=as_one(found))]
    return found


def is_table(found: Sequence[pytest.Function]) -> bool:
    """Whether the cases need nothing but their parameters: no fixture of theirs or of their module, and no mark."""
    first = found[0]
    parameters = set(first.callspec.params)
    marks = [mark for each in found for mark in each.iter_markers()]
    return (
        isinstance(first.parent, pytest.Module)
        and set(inspect.signature(first.function).parameters) == parameters
        and not hasattr(first.function, "hypothesis")
        and all(mark.name == "parametrize" and "indirect" not in mark.kwargs for mark in marks)
        and not any(hasattr(first.module, name) for name in set(first.fixturenames) - parameters)
    )


def as_one(found: Sequence[pytest.Function]) -> Callable[[], None]:
    """A test of all these cases."""
    test = found[0].function
    cases = {each.name: each.callspec.params for each in found}

    def every_case() -> None:
        broken = {name: why for name, values in cases.items() if (why := trouble(test, values))}
        if broken:
            pytest.fail("\n".join(f"{name}\n{why}" for name, why in broken.items()), pytrace=False)

    return every_case


def trouble(test: Callable[..., None], values: Mapping[str, object]) -> str:
    """How a case fails, or ""."""
    try:
        test(**values)
    except (Exception, pytest.fail.Exception):
        return traceback.format_exc()
    return ""
