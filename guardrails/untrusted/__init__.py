"""Takes the text of tickets and articles, in which strangers may hide text or instructions for a model.
Returns the text without invisible parts and planted sentences, and what was found.
Read `clean` first, then `planted_instructions`.
"""
