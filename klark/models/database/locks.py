"""Locks that belong to no row."""

from django.db import connection

IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def wait_for_turn(name: str) -> None:
    """Waits until no other transaction has the lock of this name, and keeps it until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN, [name])
