"""The admin pages for the policy: what klark may do, how careful it is, and whether its judge has passed.
Takes a version of a policy and a person's changes; gives the next version.
Read `pages` first.
"""
