"""A stand-in for the parts of Zendesk that klark uses: takes real HTTP requests.
Returns responses in Zendesk's shapes, and sends its webhooks.
Read `routes` first.
"""
