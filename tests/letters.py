"""The characters of random texts."""

from hypothesis import strategies as st

ANY = st.characters(exclude_categories=["Cs"])
"""Every character that UTF-8 can encode. This is hypothesis's default, but computing that takes over a second."""
