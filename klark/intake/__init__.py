"""From a claimed event to a ticket that is worth reading, or the reason why it is not.
In come webhook events and what the catch-up read found; out go `Loaded` and `Skip`.
Read `load` first, then `skip`, whose rules stand in order.
"""
