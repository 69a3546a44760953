"""The packaged embedding models give unit vectors in which like is near like."""

import numpy as np
import pytest

from agent.types import LANGUAGES
from models.embed import MiniLm, Use3, embedders

pytestmark = pytest.mark.real


@pytest.mark.parametrize("language", LANGUAGES)
def test_vectors_are_of_length_one_whatever_the_text(language: str) -> None:
    model = {str(known): model for known, model in embedders().items()}[language]
    vectors = model.encode(["lamp", "", "🔥", "长" * 3000, "word " * 2000])
    assert vectors.shape == (5, model.dims)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    lengths = np.linalg.norm(vectors, axis=1)
    assert all(abs(length - 1) < 1e-3 or length == 0 for length in lengths)


@pytest.mark.parametrize(
    ("model", "texts"),
    [
        (MiniLm, ("Is it waterproof?", "It keeps the rain out.", "It tastes of mint.")),
        (Use3, ("C'est combien ?", "多少钱？", "它是木头做的。")),
    ],
)
def test_like_is_nearer_than_unlike(
    model: type[MiniLm] | type[Use3], texts: tuple[str, str, str]
) -> None:
    one, like, other = model().encode(texts)
    assert one @ like > one @ other


def test_a_text_has_one_vector_alone_and_in_a_batch() -> None:
    model = embedders()["en"]
    alone = model.encode(["oak lamp"])[0]
    batch = model.encode(["a much longer text about a mug " * 5, "oak lamp", "x"])[1]
    assert alone @ batch > 0.99


def test_no_texts_have_no_vectors() -> None:
    for model in embedders().values():
        assert model.encode([]).shape == (0, model.dims)
