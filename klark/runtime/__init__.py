"""What klark runs on: embedded PostgreSQL and Valkey, child processes, logging, encrypted secrets, and the admin's theme.
Takes a folder or settings; gives servers and processes that never outlive their owner.
Read `embedded` first; `sealed` shows how secrets are stored in the database.
"""
