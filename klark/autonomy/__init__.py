"""Earned autonomy: whether klark has earned it to answer a topic's tickets, in one language, without a person.
Takes people's judgements of single drafts; gives each topic its rung on the ladder note, queue, reply, with the reason.
Read `ladder` first, then `sequential_tests`; `standing` keeps it in the database.
"""
