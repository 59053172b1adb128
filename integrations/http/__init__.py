"""Takes a request, and sends it within one outbound policy, by requests or by httpx.
Returns a response that is bounded in size and time, or raises an error that says what to do next.
Read `outbound` first, then `transports`; `deadline` ends an exchange that takes too long as a whole.
"""
