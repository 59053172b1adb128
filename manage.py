#!/usr/bin/env python3
"""Run a klark command: `python manage.py help` lists them."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from klark.runtime.unreachable_database import unreachable

# A newcomer's first commands start everything themselves; every other command is production unless told otherwise.
STANDALONE_MODES = {"demo": "demo", "try": "demo", "backtest": "demo"}
# A backtest of a connection reads the database that it is in.
CONNECTED = "--connection"
# These look at a file alone, unless a tenant is named.
OF_A_FILE = (["policy", "check"], ["policy", "schema"])
# Reading what there is needs no settings of one's own.
HELP = {"--help", "-h"}


def main(arguments: list[str]) -> None:
    gc.disable()  # until klark.apps is ready: none of what is imported is garbage
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klark.settings")
    connected = any(each.startswith(CONNECTED) for each in arguments)
    if len(arguments) > 1 and arguments[1] in STANDALONE_MODES and not connected:
        os.environ.setdefault("KLARK_MODE", STANDALONE_MODES[arguments[1]])
    if arguments[1:3] in OF_A_FILE and not any(each.startswith("--tenant") for each in arguments):
        os.environ.setdefault("KLARK_MODE", "demo")
    if arguments[1:2] in ([], ["help"]) or HELP.intersection(arguments):
        os.environ.setdefault("KLARK_MODE", "demo")
    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:  # what to do stands in its words, and would be lost under a traceback
        sys.exit(str(error))
    except OperationalError:
        if words := unreachable():
            sys.exit(words)
        raise


if __name__ == "__main__":
    main(sys.argv)
