"""Fanalou: an invented bilingual shop, its knowledge and its tickets, for seeing klark at work."""
