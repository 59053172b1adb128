"""What PostgreSQL does itself: row-level security and the application's role, the functions that search, columns of vectors.
SQL and field types; `manage.py migrate` runs the statements after each migration. Read `security` first.
"""
