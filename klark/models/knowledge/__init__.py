"""What klark may answer from: articles with their versions and passages, where they come from, and past tickets.

Read `article.py` first; `recall.py` lists answers whose article has changed.
"""
