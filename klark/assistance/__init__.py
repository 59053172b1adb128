"""Helps a person with a draft's ticket: sums up the thread, rewords the draft, translates what was written or is to be sent.
Takes a draft with its record; gives texts that were checked as a draft is, or raises `NoAssistance` with the reason.
Read `recorded_turn` first, then `summary`, `variants` and `translation`; nothing here writes to a helpdesk.
"""
