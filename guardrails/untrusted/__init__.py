"""What strangers put into a ticket or an article for a model: hidden text, instructions, planted passages.
In comes their text, out goes text without it, and what was found.
Read `clean` first, then `planted`.
"""
