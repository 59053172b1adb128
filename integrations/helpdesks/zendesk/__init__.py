"""Zendesk: tickets, webhooks, help centre, authorization and set-up.
In come klark's words for a helpdesk (`integrations.helpdesks.base`), out go Zendesk's own requests.
Read `client` first, then `shapes`.
"""
