"""Who logs in to the admin, and how: password, second factor, single sign-on, forgotten passwords, invitations.
Takes django-allauth's flows and puts klark's rules into its adapters; gives its pages the admin's look.
Read `adapters` first.
"""
