"""What random texts are made of."""

from hypothesis import strategies as st

ANY = st.characters(exclude_categories=["Cs"])
"""Whatever UTF-8 can hold. Those are hypothesis' own letters, too, but it takes more than a second to try which they are."""
