"""Backtests: what klark would have made of tickets that agents have closed, compared with what they answered.
Takes closed tickets, from files or a helpdesk that is only read; gives a report, and keeps what models answered for another run.
Read `backtest` first, then `run_backtests`.
"""
