"""How long klark keeps what people wrote, and what it gives out or deletes when one of them asks.
Takes a tenant's days for each kind of thing, or a person's address; gives fewer rows, emptied rows, or a copy of them.
Read `content` first, then `retention`, `person` and `erase`.
"""
