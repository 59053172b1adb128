"""Takes plain values: texts of tickets and articles, a drafted `Reply`, and the `Options` that the tenant's policy sets.
Returns findings, masked spans and verdicts, as plain functions without network, database or Django.
Read `base` and `guard` first, then the table in `checks`.
"""
