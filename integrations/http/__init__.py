"""The one way out: what may be reached, and both transports that carry it out.
In comes a request, out goes an answer bounded in size and time, or an error that says what to do next.
Read `outbound` first, then `transports`; `watch` is the deadline of a whole exchange.
"""
