"""What a team lead meets first: the steps from an empty tenant to the first draft, and asking klark a question.
Takes what a lead types, chooses or uploads; gives one page per tenant whose ticks are read from the database.
Read `steps` first, then `page`; `asking` is a page of its own.
"""
