"""A form of personal data: a pattern, and a test where the pattern alone is not proof."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from guardrails.pii.spans import Kind

Test = Callable[[re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """`group` is the part that is personal: the words before it ("order number") stay."""

    kind: Kind
    pattern: re.Pattern[str]
    is_one: Test | None = None
    group: int | str = 0
