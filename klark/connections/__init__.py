"""A tenant's helpdesk accounts: opened, authorized, set up, their requests shared out, and servers that fail left alone.
In comes a connection's row, out goes a helpdesk adapter that is ready to use.
Read `connect` first, then `install` and `tokens`; `rate_limit` and `circuit_breaker` stand around every request.
"""
