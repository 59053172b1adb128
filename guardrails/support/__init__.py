"""Whether a sentence follows from its sources, as far as code can know: whole copies, and where each value comes from.
In come sentences with their sources, out go provenances, derivations and refutations.
Read `copies` and `provenance` first, then `refuted`.
"""
