"""The passages that may answer a ticket, by words and by meaning, grown to their articles within a budget of tokens.
In comes `Wanted`, out goes `Retrieved` (`klark.values.passages`).
Read `retrieve` first, then `rank` and `expand`.
"""
