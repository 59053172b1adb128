"""What is counted of klark: how far it has earned to go, backtests, judges' checks and the figures of the metrics.

Read `autonomy.py` first.
"""
