"""Takes text, and reads it the way the checks need it: sentences, words and stems, typed values, dates, numbers, languages.
Returns the values found, with their positions.
Read `sentences`, `words` and `values` first.
"""
