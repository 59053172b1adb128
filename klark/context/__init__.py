"""What else is known of the requester: the CRM's facts, earlier tickets, and what colleagues answered on similar tickets.
In comes a ticket and its connection, out go facts and `klark.values.recalled_tickets.Memory`.
Read `own_sources` first, then `ticket_history`.
"""
