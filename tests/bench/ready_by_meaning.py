"""Django, ready as the demo has it: with the model that gives passages their vectors. To be imported before klark's own."""

import os

os.environ.setdefault("KLARK_MODE", "demo")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klark.settings")

import tests.bench.ready  # noqa: F401  # Django reads the two above
