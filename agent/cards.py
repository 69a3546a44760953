"""The product cards on the pages, kept as the catalog has them at this moment.

A change in the catalog, and an offer that begins or ends by itself, shows within a tick of the
air's clock; the picture needs no telling, as each frame reads its card anew.
"""

import asyncio
from collections.abc import Sequence
from itertools import islice

from agent.show import Show
from agent.status import card
from agent.types import Focus, Product

EVERY_S = 0.04
"""Between two looks at the catalog's version and at the product on show."""
LIST_EVERY_S = 0.08
"""Between two looks at the whole list while changes come in."""
SWEEP_S = 1.0
"""Between two looks at the list while none do: offers end by the clock alone."""
LISTED = 60
"""Products that the pages list; a shop may have a million."""


def listed(show: Show) -> list[Product]:
    """What the pages list: the first products by number, and the one on show."""
    first = list(islice(show.catalog.products(), LISTED))
    on_show = show.card()
    if on_show is not None and all(product.sku != on_show.sku for product in first):
        first.append(on_show)
    return first


class Cards:
    """What the pages were last told."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._version = -1
        self._next_list = 0.0
        self._next_sweep = 0.0
        self._known: dict[str, Product] = {}

    def changes(self) -> dict[str, object] | None:
        """The cards that are other than those last told, and the skus that are gone; None where
        nothing changed."""
        self._let_go()
        show, now = self._show, asyncio.get_running_loop().time()
        products: Sequence[Product]
        turned = show.catalog.version != self._version and now >= self._next_list
        if turned or now >= self._next_sweep:
            self._version = show.catalog.version
            self._next_list, self._next_sweep = now + LIST_EVERY_S, now + SWEEP_S
            products = listed(show)
            gone = sorted(self._known.keys() - {product.sku for product in products})
        else:
            products, gone = _one(show.card()), []
        changed = [product for product in products if self._known.get(product.sku) != product]
        first = not self._known
        self._known |= {product.sku: product for product in changed}
        for sku in gone:
            del self._known[sku]
        if first or not (changed or gone):
            return None  # a page that opens is given them all
        return {
            "version": show.catalog.version,
            "cards": [card(product, show.language) for product in changed],
            "gone": gone,
        }

    def _let_go(self) -> None:
        """Neither show nor speak of a product that the shop has withdrawn."""
        show, focus = self._show, self._show.focus
        pinned, spoken_of = (
            sku if sku and show.catalog.product(sku) is not None else None
            for sku in (focus.pinned, focus.spoken_of)
        )
        if (pinned, spoken_of) != (focus.pinned, focus.spoken_of):
            show.focus = Focus(pinned, spoken_of)
        if focus.pinned and not pinned:
            show.hub.tell("pinned", {"card": None})


def _one(product: Product | None) -> Sequence[Product]:
    return [product] if product is not None else []


async def follow(show: Show) -> None:
    """Tell the pages of changes, for ever."""
    cards = Cards(show)
    while True:
        if told := cards.changes():
            show.hub.tell("cards", told)
        await asyncio.sleep(EVERY_S)
