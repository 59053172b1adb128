"""Takes a text and the people known to be in it, and replaces personal data before a model reads it.
Returns the text with tokens and a table that restores the values in what the model wrote.
Read `mask` first; `spans` resolves overlaps.
"""
