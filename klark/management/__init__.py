"""The commands of `manage.py`, one file each in `commands`.
Take command-line arguments; give lines on the terminal, or JSON, and an exit status.
Read `commands/try.py` first; it runs the whole pipeline without a helpdesk.
"""
