"""What klark runs on: embedded PostgreSQL and Valkey, child processes, logging, encrypted secrets, and the admin's theme.
Takes a folder or settings; gives servers and processes that never outlive their owner.
Read `embedded_servers` first; `encrypted_secrets` shows how secrets are stored in the database.
"""
