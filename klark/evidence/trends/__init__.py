"""What changes at a tenant: topics that rise, customers who are unhappier, articles that begin to fail, and what many ask that no
topic covers. Drafts come in; signals with example tickets go out. Read `trends` first.
"""
