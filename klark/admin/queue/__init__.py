"""The admin pages for agents: the queue, a draft with its evidence, and the decisions.
Takes drafts and decisions; gives a person's verdict on them: approve, reject, regenerate, or hand over.
Read `listing` first, then `drafts`.
"""
