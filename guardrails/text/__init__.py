"""Text as the checks see it: sentences, words and stems, typed values, dates, numbers, languages.
In comes text, out go values with where they stand.
Read `sentences`, `words` and `values` first.
"""
