"""Takes the calls of `helpdesks.base.Helpdesk` and `helpdesks.setup.Installer`, and makes Freshdesk's requests of them.
Returns tickets, events and help centre pages in klark's own types.
Read `client` first, then `shapes`.
"""
