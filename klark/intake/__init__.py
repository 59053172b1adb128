"""From a claimed event to a ticket that is worth reading, or the reason why it is skipped.
In come webhook events and the changes that catch-up found; out go `Loaded` and `Skip`.
Read `load_event` first, then `skip`, whose rules are tried in order.
"""
