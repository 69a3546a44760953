"""Which size a chart has for a body: the row that covers it, else that nobody knows."""

from collections.abc import Sequence
from dataclasses import replace

from agent.types import Fact
from catalog.measures import Worn
from catalog.question import Question
from catalog.size_chart import SizeRow, chart

_TWO = 2


def fitted(question: Question, sku: str, worn: Worn) -> Sequence[Fact]:
    """What the product's size chart says of *worn*: the size, with the measures that it is for; two
    sizes, where both are; the whole chart, as "size_unsure", where none is or more are, or as
    "size_chart" where that is asked for. Without a chart the sizes, as "size_unsaid". Nothing
    where it comes in no sizes."""
    rows = chart(question.book.pages[sku].shelf)
    whole = question.fact(sku, "size_chart")
    if not worn.measures:
        return _known(whole)
    if not rows:
        return _known(_called("size_unsaid", question.fact(sku, "sizes")))
    fitting = [row for row in rows if row.covers(worn.measures)]
    if len(fitting) == 1:
        return _row(question, sku, fitting[0], worn)
    if len(fitting) == _TWO:
        first, second = (question.fact(sku, "fits_size", variant=row.variant) for row in fitting)
        return _known(first, _called("fits_size_2", second))
    return _known(_called("size_unsure", whole))


def _row(question: Question, sku: str, row: SizeRow, worn: Worn) -> Sequence[Fact]:
    names = ["fits_size", *(f"fits_{name}" for name in row.spans if name in worn.measures)]
    return _known(*(question.fact(sku, name, variant=row.variant) for name in names))


def _called(field: str, fact: Fact | None) -> Fact | None:
    return replace(fact, field=field) if fact else None


def _known(*facts: Fact | None) -> Sequence[Fact]:
    return [fact for fact in facts if fact is not None]
