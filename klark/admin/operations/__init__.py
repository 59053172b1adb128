"""The admin pages for operators: connections, tenants, users, the logs of events and deliveries, and the overview page.
Takes rows; gives pages that show their state, with buttons that act on one row.
Read `connections` first, then `log`.
"""
