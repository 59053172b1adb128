"""Takes the calls of `integrations.helpdesks.base.Helpdesk` and `integrations.helpdesks.setup.Installer`, and makes Freshdesk's requests.
Returns tickets, events and help centre pages in klark's own types.
Read `client` first, then `shapes`.
"""
