"""The pages on evidence: what became of drafts, backtests of closed tickets, and what is rising.
Takes a lead's requests; gives pages with charts, and reports as files.
Read `outcomes` first.
"""
