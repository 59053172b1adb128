"""One browser for all pages."""

import shutil
from collections.abc import Iterator
from importlib import import_module

import pytest

DRIVER = "playwright.sync_api"
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="package")
def chromium() -> Iterator[object]:
    """A browser; each test opens a window of its own. Playwright's loop runs in this thread, where Django must not mind it."""
    with pytest.MonkeyPatch.context() as patch, import_module(DRIVER).sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
