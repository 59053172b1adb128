"""Stores a decision with its evidence, and makes its write on the ticket: once, and never over a person.
In comes a `RunRecord` and later a claimed delivery; out goes one comment on the helpdesk.
Read `record` first, then `render`, then `deliver`.
"""
