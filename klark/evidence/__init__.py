"""What klark would have done, and how good it would have been: runs of the pipeline that nobody is written to.
Takes closed tickets with what agents answered; gives figures with their intervals, and a page.
Read `backtest` first, then `comparison` and `figures`.
"""
