"""A stand-in for Freshdesk, as far as klark uses it.
In come real HTTP requests, out go answers in Freshdesk's shapes.
Read `routes` first.
"""
