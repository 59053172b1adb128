"""What one room of the path hands to the next: frozen values that touch neither database nor network.
Rooms of the path do not know each other; they know these.
Read `triage`, `passages`, `draft`, `decision` in the order of the path; `run_record` holds all that one run came to.
"""
