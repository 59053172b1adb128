"""The tenant's articles: taken in, cut into passages, indexed by words and vectors, and what they lack.
In come help centres, files and sites; out go rows that `klark.retrieval` ranks, and gaps for the lead.
Read `ingest` first, then `chunk`, `index` and `embedding`; `gaps` is what nobody could answer.
"""
