"""Reads knowledge that is not in a helpdesk: folders of documents, and websites. (Help centres: klark.knowledge.)
Takes a path or an address; gives a `Listing` of documents, each read into articles (`Sheet`) and what was left out.
Read `base` first; `kinds` and `formats` list what can be read.
"""
