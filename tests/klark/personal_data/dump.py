"""The whole database as text, to look for what must not stand in it."""

from django.db import connection as database

from klark.models import EVERY_TENANT, within


def dump() -> str:
    """Every table as `pg_dump` copies it, bytes as their text."""
    with within(EVERY_TENANT), database.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables, copied = [name for (name,) in cursor.fetchall()], []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            copied += [text for (text,) in cursor.fetchall()]
        cursor.execute("SELECT encode(raw, 'escape') FROM klark_webhookevent")
        copied += [text for (text,) in cursor.fetchall()]
    return "\n".join(copied).casefold()
