"""A policy as klark decides by it: takes the fields of its form or file, and returns rules or what is wrong with them. Nothing
here touches the database.

Read `rules.py` first; `fields.py` has what a form and a file show, `parts.py` the smaller values, `validation.py` what must hold.
"""
