"""A policy as a file: YAML that a person keeps in Git, with comments, and `manage.py policy` reads and writes.
Takes the text of a file; gives every mistake in it with its line, or the rules that it holds.
Read `check` first, then `yaml_text`.
"""
