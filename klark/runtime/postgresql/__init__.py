"""Django's engine for PostgreSQL, but for how it tells whether a pooled connection is still open.

Connection parameters come in, an open connection goes out. Read `base` first: Django asks for a module of that name.
"""
