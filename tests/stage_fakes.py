"""A host of a few pixels, products, and scenes for the tests of the picture."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from hypothesis import strategies as st

from agent.types import (
    LANGUAGES,
    Fact,
    Image,
    Manner,
    Moment,
    Money,
    Mouth,
    Product,
    Quantity,
    Scene,
    Value,
    Words,
)
from models.atlas import Atlas, Grid


@dataclass
class Cutout:
    """A host that is a red square; it remembers how it was to look."""

    size: tuple[int, int] = (720, 1000)
    manner: Manner | None = None

    def draw(self, on: Image, mouth: Mouth, number: int, manner: Manner) -> None:
        self.manner = manner
        on[:] = (0, 0, 200)


def tiny_atlas() -> Atlas:
    """An atlas of 80x100 pixels whose crops are each of one grey of their own."""

    def grid(height: int, width: int, *axes: tuple[float, ...]) -> Grid:
        crops = np.full((*(len(axis) for axis in axes), height, width, 4), 255, np.uint8)
        for value, index in enumerate(np.ndindex(crops.shape[:-3])):
            crops[index][..., :3] = 10 + 10 * value
        return Grid(axes, crops)

    return Atlas(
        base=np.full((100, 80, 4), 255, np.uint8),
        mouth_box=(15, 40, 65, 85),
        eye_box=(10, 8, 70, 36),
        pivot=(40.0, 90.0),
        mouth=grid(45, 50, (0.0, 0.5, 1.0), (-1.0, 0.0, 1.0)),
        closed=grid(45, 50, (0.0,)),
        lip_teeth=grid(45, 50, (0.0,)),
        tongue=grid(45, 50, (0.0,)),
        hush=grid(45, 50, (0.0, 0.2)),
        eyes=grid(28, 60, (0.0, 1.0), (-1.0, 0.0, 1.0), (0.0, 1.0)),
        about="a test",
    )


def lamp(title: str = "Aurora desk lamp", stock: int = 12, *, offer: bool = True) -> Product:
    def fact(field: str, value: Value) -> Fact:
        return Fact(f"LAMP-01/{field}", 1, "LAMP-01", field, value, "test")

    return Product(
        sku="LAMP-01",
        number=3,
        title=fact("title", Words((title,))),
        price=fact("price", Money(Decimal("24.90"), "EUR")),
        list_price=fact("list_price", Money(Decimal("29.90"), "EUR")) if offer else None,
        offer_ends=(
            fact("offer_ends", Moment(datetime(2026, 11, 30, 19, tzinfo=UTC))) if offer else None
        ),
        stock=fact("stock", Quantity(Decimal(stock), "")),
        image=None,
    )


ODD = st.sampled_from(
    [
        "",
        " ",
        "How much is the lamp?",
        "这盏台灯多少钱？" * 12,
        "W" * 400,
        "🔥🎁😀👩‍👩‍👧",
        "كم سعر المصباح؟ שלום",
        "\u202eesrever\u202c \x00\x07\x1b[31m\n\n\ttab",
        "a\u0301\u0302\u0303 Zalgo" + "\u0336" * 50,
        "<script>alert(1)</script>",
        "word " * 120,
        "e\u200bmp\ufeffty",
        "𝔉𝔞𝔫𝔠𝔶 ＦＵＬＬ ①②③",
    ]
)
TEXTS = st.one_of(ODD, st.text(max_size=120))
SCENES = st.builds(
    Scene,
    card=st.one_of(st.none(), st.builds(lamp, title=TEXTS, stock=st.integers(0, 10**9))),
    caption=TEXTS,
    asker=TEXTS,
    question=TEXTS,
    language=st.sampled_from(LANGUAGES),
    speaking=st.booleans(),
)
