"""The tenant's articles: ingested, cut into passages, indexed by words and vectors, what is missing from them, and what rests on
what has changed.
In come help centres, files and sites; out go rows that `klark.retrieval` ranks, and gaps for the team lead.
Read `ingest` first, then `chunk`, `index` and `embedding`; `gaps` lists what could not be answered.
"""
