"""The pages on evidence: backtests of closed tickets, and what is rising.
Takes a lead's requests; gives pages with charts, and reports as files.
Read `backtests` first.
"""
