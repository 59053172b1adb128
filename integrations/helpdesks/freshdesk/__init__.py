"""Freshdesk: tickets, webhooks, solutions and set-up.
In come klark's words for a helpdesk (`integrations.helpdesks.base`), out go Freshdesk's own requests.
Read `client` first, then `shapes`.
"""
