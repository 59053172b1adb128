"""Personal data out of a text before a model reads it, and back into what the model wrote.
In comes text with the people who are known, out go tokens and a table that undoes them.
Read `mask` first; `spans` settles what overlaps.
"""
