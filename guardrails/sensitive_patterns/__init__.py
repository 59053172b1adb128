"""The rules by which a sensitive topic is seen: one file per topic."""
