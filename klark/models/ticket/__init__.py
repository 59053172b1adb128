"""What klark's rows say about one ticket: klark's own comments on it, the claimed event, and whether a draft still fits.
Takes a connection and a ticket; gives `OwnComments`, `Loaded` and a `Staleness`.
Read `staleness` first.
"""
