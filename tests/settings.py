"""klark's settings under test: the mode is set before they are read."""

import os

import structlog

os.environ["KLARK_MODE"] = "test"
os.environ.setdefault("KLARK_SECRET_KEY", "only-for-tests-" * 4)

from klark.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A traceback with every frame's values takes seconds to draw, and each refused page of the admin logs one.
LOGGING["formatters"]["plain"]["processor"] = structlog.dev.ConsoleRenderer(  # type: ignore[index] # noqa: F405 — a table of tables
    colors=False, exception_formatter=structlog.dev.plain_traceback
)
