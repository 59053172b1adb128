"""A stand-in for Zendesk, as far as klark uses it.
In come real HTTP requests, out go answers in Zendesk's shapes.
Read `routes` first.
"""
