"""The computation of a packed model as an ONNX graph: the layers of a BERT encoder, with weights and activations in eight bits.

Takes `x`, the sums of word and place embeddings as float32 of shape (1, tokens, 384), and returns `out` of the same shape.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper

from integrations.e5.packed_model import Array, Packed

WIDTH, HEADS, EPSILON = 384, 12, 1e-12
MICROSOFT = "com.microsoft"
"""The domain of onnxruntime's own operators."""
OPSETS = (helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1))
FORMAT = 9
"""Version of the file format, the one of opset 20."""


def graph(packed: Packed) -> bytes:
    """Returns the serialized graph of a packed model."""
    model = helper.make_model(onnx.GraphProto(name="e5"), opset_imports=OPSETS, ir_version=FORMAT)
    build = _Build(packed, model.graph)
    out = build.op("Identity", build.encoder("x"))
    shape = (1, "tokens", WIDTH)
    for ends, name in ((model.graph.input, "x"), (model.graph.output, out)):
        ends.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    return bytes(model.SerializeToString())


class _Build:
    """Adds nodes to a graph one after the other; a method takes and returns names of values."""

    def __init__(self, packed: Packed, made: onnx.GraphProto) -> None:
        self._packed, self._made = packed, made
        self._split = self.constant(np.array([0, 0, HEADS, WIDTH // HEADS]))
        self._joined = self.constant(np.array([0, 0, WIDTH]))
        self._last = self.constant(np.array([-1]))
        self._scale = self.constant(np.array((WIDTH // HEADS) ** -0.5, np.float32))

    def op(self, kind: str, *given: str, count: int = 1, **options: Any) -> str:
        """Adds an operation and returns its result; of several, what precedes their numbers."""
        name = f"n{len(self._made.node)}"
        outs = [name] if count == 1 else [f"{name}.{at}" for at in range(count)]
        self._made.node.append(helper.make_node(kind, given, outs, **options))
        return name

    def constant(self, values: Array) -> str:
        """Adds a constant and returns its name. It is written in its place: `helper.make_graph` would copy all weights twice."""
        name, kind = f"c{len(self._made.initializer)}", helper.np_dtype_to_tensor_dtype(values.dtype)
        self._made.initializer.add(name=name, data_type=kind, dims=values.shape, raw_data=values.tobytes())
        return name

    def encoder(self, here: str) -> str:
        """Returns the last layer's output."""
        norm = "emb.ln"
        here = self._norm(here, norm)
        for at in range(self._packed.layers):
            here, norm = self._layer(here, f"l{at}", norm), f"l{at}.oln"
        return here

    def _layer(self, here: str, layer: str, norm: str) -> str:
        seen = self._linear(self._attention(here, layer, norm), layer, ("ao",))
        here = self._norm(self.op("Add", here, seen), f"{layer}.aln")
        inner = self.op("Gelu", self._linear(here, layer, ("fi",), f"{layer}.aln"))
        return self._norm(self.op("Add", here, self._outer(inner, layer)), f"{layer}.oln")

    def _outer(self, inner: str, layer: str) -> str:
        """All tokens of a text share one scale in eight bits, and the largest numbers of one token are many times another's: each
        is divided by its own largest."""
        largest = self.op("ReduceMax", self.op("Abs", inner), self._last, keepdims=1)
        outer = self._linear(self.op("Div", inner, largest), layer, ("fo",), bias=False)
        return self.op("Add", self.op("Mul", outer, largest), self.constant(self._packed.plain(f"{layer}.fo.b")))

    def _attention(self, here: str, layer: str, norm: str) -> str:
        parts = self.op("Split", self._linear(here, layer, ("q", "k", "v"), norm), count=3, axis=-1, num_outputs=3)
        orders = ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])
        query, key, value = (
            self.op("Transpose", self.op("Reshape", f"{parts}.{at}", self._split), perm=order)
            for at, order in enumerate(orders)
        )
        weights = self.op("Softmax", self.op("MatMul", self.op("Mul", query, self._scale), key), axis=-1)
        seen = self.op("Transpose", self.op("MatMul", weights, value), perm=orders[0])
        return self.op("Reshape", seen, self._joined)

    def _linear(self, here: str, layer: str, names: Sequence[str], norm: str = "", *, bias: bool = True) -> str:
        """Several matrices that take the same input are one. Each output has a scale of its own. What comes from a norm whose
        columns differ much in size is evened out, and the weights the other way round (SmoothQuant, arXiv:2211.10438)."""
        biases = [self._packed.plain(f"{layer}.{name}.b") for name in names]
        rows = np.concatenate(
            [
                self._packed.coarse(f"{layer}.{name}.w").reshape(len(each), -1)
                for name, each in zip(names, biases, strict=True)
            ]
        )
        if norm:
            size = np.sqrt(sum(np.abs(self._packed.plain(f"{norm}.{part}")) for part in ("w", "b")))
            here, rows = self.op("Div", here, self.constant(size)), np.multiply(rows, size, out=rows)
        scales = np.maximum(rows.max(axis=1), -rows.min(axis=1)) / np.float32(127)
        rows /= scales[:, None]
        weights = np.ascontiguousarray(np.rint(rows, out=rows).astype(np.int8).T)
        given = [weights, scales, np.zeros(len(rows), np.int8), *([np.concatenate(biases)] if bias else [])]
        return self.op("DynamicQuantizeMatMul", here, *map(self.constant, given), domain=MICROSOFT)

    def _norm(self, here: str, name: str) -> str:
        scale, bias = (self.constant(self._packed.plain(f"{name}.{part}")) for part in ("w", "b"))
        return self.op("LayerNormalization", here, scale, bias, axis=-1, epsilon=EPSILON)
