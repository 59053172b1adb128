"""Who did, saw or changed what: one chain of linked entries for each tenant, and one for the installation as a whole.
Takes an act from whoever carries it out, in the same transaction; gives a chain in which no entry can be changed unseen.
Read `entry` first, then `record` and `verify`.
"""
