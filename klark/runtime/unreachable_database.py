"""Why a database cannot be reached, in PostgreSQL's own words, and which setting names it."""

import psycopg
from django.conf import settings

VARIABLES = {"owner": "DATABASE_OWNER_URL", "default": "DATABASE_URL"}
NAMED = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
WAIT_S = 3


def unreachable() -> str:
    """Returns a line on the first database that takes no connection; "" if all do."""
    places = {alias: {name: settings.DATABASES[alias][name] for name in NAMED} for alias in ("default", "owner")}
    for alias, variable in VARIABLES.items():
        where = places[alias]
        if alias == "owner" and where == places["default"]:
            continue  # it was not set, and is that of the application
        named = {"dbname": where["NAME"], "user": where["USER"], "host": where["HOST"], "port": where["PORT"] or None}
        try:
            psycopg.connect(**named, password=where["PASSWORD"], connect_timeout=WAIT_S).close()
        except psycopg.OperationalError as error:
            words = " ".join(str(error).split())
            return f"{variable}: klark cannot connect to its database {where['NAME']!r} as {where['USER']!r}. {words}"
    return ""
