"""The regression set of a tenant: the drafts that people corrected, tried again with what is in force now, or with something to
try. Takes kept drafts; gives what comes of each, better or worse than before. Nothing is written to a helpdesk.

Read `cases.py` first, then `case_results.py`.
"""
