"""The pages of the policy: what klark may do, how careful it is, and whether its judge has passed.
In comes a policy's row, out goes a new version of it.
Read `pages` first.
"""
