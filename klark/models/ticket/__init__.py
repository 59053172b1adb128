"""What klark's rows say of one ticket: its own comments there, whether a draft still fits, and the claimed event.
In comes a connection and a ticket, out go `OwnComments`, `Loaded` and a word on staleness.
Read `staleness` first.
"""
