"""The API for a company's own programs, and the endpoints for operators' monitoring.
Takes HTTP requests with a token of one tenant; gives that tenant's rows, and does what the admin's buttons do.
Read `token_access` first, then `reading` and `acting`.
"""
