"""The fault bench's stage: klark's real processes, its servers and stand-in helpdesks, and a proxy on every way between them.

A folder for logs and data comes in; a running klark comes out, with a switchboard that lets faults strike at what passes the
proxies. Read `ground` first, then `switchboard`.
"""
