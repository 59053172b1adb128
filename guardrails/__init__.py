"""What judges a reply, and what a ticket is read by: plain functions over plain values, without network, database or Django.
In come texts, out go findings, spans and verdicts.
Read `base` and `guard` first, then the table in `checks`.
"""
