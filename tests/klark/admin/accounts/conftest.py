"""What the tests of logging in share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_limit_from_an_earlier_test() -> Iterator[None]:
    """Allauth counts in the cache, which no rollback empties."""
    cache.clear()
    yield
    cache.clear()
