"""How good klark is: what became of its drafts, what would have become of them, and what of tickets that agents have closed.
Takes rows of drafts, or closed tickets with what agents answered; gives figures with their intervals, a page, and differences.
Read `outcomes` and `kpis` first, or `backtests`, or `rerun`.
"""
