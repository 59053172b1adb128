"""Decides what happens with a draft: a pure function of what is known, what was found and what the tenant allows.
In comes a `Case`, out goes a `Decided` (`klark.values.decision`).
Read `decide` first; `case` builds the case, `confidence_signals` puts into words what the confidence was computed from.
"""
