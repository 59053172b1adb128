"""Texts as PostgreSQL keeps them."""


def clip(text: str, most: int) -> str:
    """Cut to a column's length; without NUL, and with "?" for a lone surrogate: no column takes either."""
    return text[:most].replace("\0", "").encode(errors="replace").decode()
