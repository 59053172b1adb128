"""Takes the path of a folder or the address of a site, outside any helpdesk.
Gives a `Listing` of its documents, each read into articles (`Sheet`) and what could not be read (`Unreadable`).
Read `base` first; `kinds` and `formats` list what can be read.
"""
