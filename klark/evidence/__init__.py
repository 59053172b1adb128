"""How good klark is: what became of its drafts, and what it would have done with tickets that agents have closed.
Takes rows of drafts, or closed tickets with what agents answered; gives figures with their intervals, and a page.
Read `outcomes` and `kpis` first, or `backtest` and `comparison`.
"""
