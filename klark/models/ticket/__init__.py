"""Takes a connection and one of its tickets.
Gives klark's own comments on it (`OwnComments`), the claimed event (`Loaded`), and whether a draft still fits (`Staleness`).
Read `staleness` first.
"""
