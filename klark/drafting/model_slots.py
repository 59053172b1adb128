"""How many people may wait for a model at a time in this process, whatever they ask it for."""

from threading import BoundedSemaphore

PLACES = BoundedSemaphore(2)
"""A model may take a minute, and a web process has some dozen threads for everything."""
