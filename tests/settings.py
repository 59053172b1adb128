"""klark's settings under test: the mode is set before they are read."""

import os

from tests import bytecode

bytecode.share()  # before klark is imported
os.environ["KLARK_MODE"] = "test"
os.environ.setdefault("KLARK_SECRET_KEY", "only-for-tests-" * 4)

from klark.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # each test's client would otherwise list every static file anew
