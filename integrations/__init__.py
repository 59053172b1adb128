"""Everything outside klark that it speaks to: helpdesks, models, CRMs, sites; network yes, database never.
In come plain values and what may be reached, out come plain values or one of the four errors.
Read `errors` first: they are named by what to do next.
"""
