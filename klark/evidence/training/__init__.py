"""Writes what people made of drafts as examples for training a model, masked, with a card that says what is in them.
Takes a tenant's drafts; gives files in the providers' JSON lines. Drafts that nobody judged, or that cannot be masked
for sure, are left out and counted.
Read `candidates` first, then `examples`.
"""
