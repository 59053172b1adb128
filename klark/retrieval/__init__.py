"""Finds the passages that may answer a ticket, by words and by meaning, expanded to their articles within a token budget.
In comes `SearchRequest`, out goes `Retrieved` (`klark.values.passages`).
Read `retrieve` first, then `rank` and `expand`.
"""
