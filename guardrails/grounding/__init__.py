"""Takes sentences with their sources, and finds what code can prove about their support: whole copies, and the origin of values.
Returns the origins, derivations and refutations of values, and whether a sentence is a copy.
Read `copies` and `provenance` first, then `refuted`.
"""
