"""The pages of operators: connections, tenants, users, the logs of events and writes, and the first page.
In come rows, out go buttons that act on one row.
Read `connections` first, then `log`.
"""
