"""A tenant's helpdesk accounts: opening, authorizing and setting them up, rate limits, tokens, and circuit breakers for models.
In comes a connection's row, out goes a helpdesk adapter that is ready to use.
Read `open_helpdesk` first, then `install` and `tokens`; `rate_limit` counts every request, `circuit_breaker` guards models.
"""
