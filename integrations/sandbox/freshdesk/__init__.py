"""A stand-in for the parts of Freshdesk that klark uses: takes real HTTP requests.
Returns responses in Freshdesk's shapes, and sends its webhooks.
Read `routes` first.
"""
