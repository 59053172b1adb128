"""A stand-in Zendesk and Freshdesk over real HTTP, in a process of its own, for the demo and the tests.

    python -m integrations.sandbox --port 8800

Zendesk answers under /zendesk/api/v2/, Freshdesk under /freshdesk/api/v2/, the controls under /_sandbox/.
"""
