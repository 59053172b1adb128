"""Runs and decides kept tickets again: takes a draft's record or a recorded decision, and returns what comes of it under other
rules, prompts, models or knowledge. Nothing is written.

Read `replay.py` first for whole runs, `decided_again.py` for decisions alone.
"""
