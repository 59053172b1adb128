"""What one step of a run hands to the next, and a policy's rules with their validation.
Frozen values that use neither database nor network. The folders of the steps do not import each other; they import these.
Read `triage`, `passages`, `draft`, `decision` in the order of the path; `run_record` holds everything that one run produced.
"""
