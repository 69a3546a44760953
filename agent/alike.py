"""Whether two questions ask the same, so that one answer serves both.

A wrong merge gives a viewer the wrong answer, a missed one costs an answer given twice: in doubt
they are not alike. The thresholds were measured on the pairs of evals/cases/alike.tsv
(``python -m evals.alike``).
"""

from collections.abc import Mapping

from agent.types import Meaning

FIRST_MODEL = "en"
"""The model that is asked first, where both questions have a row of it."""
LEAST: Mapping[str, tuple[float, float]] = {"en": (0.72, 0.80), "many": (0.76, 0.88)}
"""Cosines from which two questions are alike, by model: where no facts answer them; and where the
same text of the shop's does."""


def alike(one: Meaning, other: Meaning) -> bool:
    """Whether *one* and *other* ask the same."""
    if one.alone or other.alone or one.key != other.key or one.guard != other.guard:
        return False
    if one.key and one.whole and other.whole:
        return True
    for model in (FIRST_MODEL, "many"):
        if model in one.rows and model in other.rows:
            free, texts = LEAST[model]
            cosine = float(one.rows[model] @ other.rows[model])
            return cosine >= (texts if one.key else free)
    return False
