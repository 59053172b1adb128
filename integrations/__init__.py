"""Takes plain values and the limits on outgoing connections, and talks to helpdesks, models, CRMs and sites; never to the database.
Returns plain values, or raises one of the four errors.
Read `errors` first: the errors are named by what to do next.
"""
