"""What one room of the path (a step of a run) hands to the next: frozen values that use neither database nor network.
Rooms of the path do not know each other; they know these.
Read `triage`, `passages`, `draft`, `decision` in the order of the path; `run_record` holds everything that one run produced.
"""
