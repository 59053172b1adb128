"""Reads knowledge from outside helpdesks: folders of documents, and websites.
Takes a path or an address; gives a `Listing` of documents, each read into articles (`Sheet`) and what was left out.
Read `base` first; `kinds` and `formats` list what can be read.
"""
