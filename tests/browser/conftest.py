"""One browser for all pages."""

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from pytest_django.live_server_helper import LiveServer

DRIVER = "playwright.sync_api"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The former has no windows to draw, and takes a third less of processor time."""
FLAGS = ["--no-sandbox"]
WAIT_MS = 15_000
SIZE = {"width": 1280, "height": 720}
IDLE_PAGE = "/static/klark/favicon.svg"


@pytest.fixture(scope="package")
def chromium() -> Iterator[object]:
    """Playwright's loop runs in this thread, where Django must not mind it."""
    with pytest.MonkeyPatch.context() as patch, import_module(DRIVER).sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def kept() -> dict[str, object]:
    """The pages that `window` keeps from test to test, by the options of their browser contexts."""
    return {}


@pytest.fixture
def window(chromium: object, kept: dict[str, object], live_server: LiveServer) -> Iterator[Callable[..., object]]:
    """Opens an empty page in which nothing is stored. Kept from test to test are its process, as starting one takes longer than
    most pages, the cache of style sheets and scripts, and listeners, which write to lists that nobody reads any more.
    `clock`: one that may be put forward, and is never put back."""
    opened = []

    def open_page(*, clock: bool = False, **options: object) -> object:
        name = repr((clock, sorted(options.items())))
        page = kept.pop(name, None)
        if not page:
            page = chromium.new_context(**options).new_page()
            page.context.set_default_timeout(WAIT_MS)
            if clock:
                page.clock.install()
        page.set_viewport_size(options.get("viewport", SIZE))
        opened.append((name, page))
        return page

    yield open_page
    for name, page in opened:
        if name in kept:
            page.context.close()
        else:
            forget(page, f"{live_server.url}{IDLE_PAGE}")
            kept[name] = page


def forget(page: object, place: str) -> None:
    """Empty what a browser stored, close all of its pages but this one, and leave that at an address where nothing happens."""
    page.context.clear_cookies()
    for each in page.context.pages:
        each.evaluate("location.protocol === 'about:' || (localStorage.clear(), sessionStorage.clear())")
        if each != page:
            each.close()
    page.goto(place)
