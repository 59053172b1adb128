"""Takes a folder or settings.
Gives running servers (PostgreSQL, Valkey) and child processes that never outlive their owner, logging, encrypted secrets,
and the admin's theme.
Read `embedded` first; `sealed` shows how secrets are stored in the database.
"""
