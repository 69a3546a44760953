"""What is asked of a product is found by the question without the product's name."""

import pytest

from agent.types import Language
from catalog.unnamed import unnamed


@pytest.mark.parametrize(
    ("question", "names", "language", "left"),
    [
        ("are the mugs sold in sets", ["mugs"], "en", "are it sold in sets"),
        ("does the oak table lamp dim?", ["oak", "table", "lamp"], "en", "does it dim ?"),
        ("on peut mettre l'enceinte dehors", ["enceinte"], "fr", "on peut mettre il dehors"),
        ("la théière en fonte est lourde", ["theiere", "fonte"], "fr", "il en il est lourde"),
        ("护手霜油不油", ["护手霜"], "zh", "它油不油"),
        ("杯子能放微波炉吗", [], "zh", "杯子能放微波炉吗"),
    ],
)
def test_a_pronoun_stands_for_each_name(
    question: str, names: list[str], language: Language, left: str
) -> None:
    assert unnamed(question, names, language) == left
