"""What kind of ticket this is: sensitive topics, not for us, injection, mood, urgency, and which sentences ask for something.

A text comes in with a function that makes vectors of it; probabilities go out. Read `reading.py` first; `heads.json` and
`encoder.bin` are made by `scripts/train_triage.py`, and docs/figures/triage.md says how well they do.
"""
