"""Takes the calls of `helpdesks.base.Helpdesk` and `helpdesks.setup.Installer`, and makes Zendesk's requests of them.
Returns tickets, events and help centre pages in klark's own types, and OAuth tokens.
Read `client` first, then `shapes`.
"""
