"""A stand-in Zendesk and Freshdesk over real HTTP, in a separate process, for the demo and the tests.

    python -m integrations.sandbox --port 8800

It takes requests under /zendesk/api/v2/ and /freshdesk/api/v2/, answers as the products do and sends their webhooks.
Tests drive it through the controls under /_sandbox/; read `client` first for these, then `server` and `world`.
"""
