"""The admin pages for knowledge: articles, sources, topics, and gaps.
Takes the rows that `klark.knowledge` keeps; gives the lead's corrections to them.
Read `articles` first.
"""
