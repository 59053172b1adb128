"""The pages of agents: the queue, a draft with its evidence, the decisions.
In come drafts and decisions, out go what a person may do with them.
Read `listing` first, then `drafts`.
"""
