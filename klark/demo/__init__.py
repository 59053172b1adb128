"""The demo: Fanalou, an invented bilingual shop, whose tickets are played through a real klark.
Takes the shop's articles, policy and script of tickets; gives a running klark and a score against what the script expects.
Read `processes` first, then `play_tickets`; `manage.py demo` puts them together.
"""
