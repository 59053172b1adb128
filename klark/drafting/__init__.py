"""A reply that rests on the passages found, and a second reading of it by a judge.
In come ticket, triage and passages; out go `Answer` and `Reading` (`klark.values.draft`).
Read `request` and `prompt` first, then `draft` and `judge`; `qualifying` says when a judge counts.
"""
