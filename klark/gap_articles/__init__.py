"""Articles drafted from what agents answered on the tickets of a gap, for a lead to accept, and how many it then answers.
In come a gap and masked answers; out go sentences with the tickets behind each, and an article once a lead accepts it.
Read `agreement` first, then `drafted` and `jobs`.
"""
