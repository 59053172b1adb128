"""The boundary inside a task that does the same for one tenant after another: what breaks for one is no other's trouble."""

from collections.abc import Callable
from typing import ParamSpec

import structlog

log = structlog.get_logger(__name__)
P = ParamSpec("P")


def tried(failure: str, part: Callable[P, object], *args: P.args, **options: P.kwargs) -> bool:
    """Runs one part of a task; returns whether it came to its end. If not, the exception is logged as `failure`, with the
    arguments that the part had."""
    try:
        part(*args, **options)
    except Exception:  # the task boundary: the parts that follow do not depend on this one
        log.exception(failure, of=[str(each) for each in (*args, *options.values())])
        return False
    return True
