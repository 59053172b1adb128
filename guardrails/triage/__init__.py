"""Takes a ticket's text and a function that returns embeddings of texts.
Returns probabilities: sensitive topics, tickets not for support, injection, mood, urgency, and which sentences ask for something.
Read `classify.py` first; scripts/train_triage.py makes `heads.json` and `encoder.bin`; docs/figures/triage.md has their quality.
"""
