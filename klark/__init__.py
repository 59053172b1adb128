"""klark answers helpdesk tickets, with the evidence for every sentence."""

__version__ = "0.1.0"
