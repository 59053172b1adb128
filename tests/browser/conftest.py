"""One browser for all pages."""

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest

DRIVER = "playwright.sync_api"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The former has no windows to draw, and takes a third less of processor time."""
FLAGS = ["--no-sandbox"]
WAIT_MS = 15_000


@pytest.fixture(scope="package")
def chromium() -> Iterator[object]:
    """Playwright's loop runs in this thread, where Django must not mind it."""
    with pytest.MonkeyPatch.context() as patch, import_module(DRIVER).sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def contexts() -> dict[str, object]:
    """What `window` keeps from test to test, by its options."""
    return {}


@pytest.fixture
def window(chromium: object, contexts: dict[str, object]) -> Iterator[Callable[..., object]]:
    """Opens an empty page as a newcomer's browser has it: what pages store is forgotten after the test. Only the cache of
    style sheets and scripts stays. With `kept=False` that goes, too."""
    opened = []

    def open_page(*, kept: bool = True, **options: object) -> object:
        name = repr(sorted(options.items()))
        context = contexts.pop(name, None) if kept else None
        context = context or chromium.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        opened.append((name if kept else "", context))
        return context.new_page()

    yield open_page
    for name, context in opened:
        if not name or name in contexts:
            context.close()
        else:
            forget(context)
            contexts[name] = context


def forget(context: object) -> None:
    """Close a browser's pages, and empty what they stored."""
    context.clear_cookies()
    for page in context.pages:
        page.evaluate("location.protocol === 'about:' || (localStorage.clear(), sessionStorage.clear())")
        page.close()
