"""What klark stands on: an embedded PostgreSQL and Valkey, child processes, logs, sealed secrets, the admin's theme.
In come a folder or settings, out come servers and processes that never outlive their owner.
Read `embedded` first; `sealed` is how secrets lie in the database.
"""
