"""Takes plain values and limits on outgoing connections, and talks to helpdesks, models, CRMs and sites; never to the database.
Returns plain values, or raises one of the errors that are named by what to do next.
Read `errors` first.
"""
