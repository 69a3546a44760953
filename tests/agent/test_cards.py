"""A change in the catalog is on the air at once: in the picture, on the pages, in what is said."""

from dataclasses import dataclass, field

from agent.cards import LISTED, Cards
from agent.types import Focus, Product, Words
from tests.agent.test_loop import PRICE_ASKED, ask, play
from tests.fakes import Paper, Shelf, fact, show


def amount(product: Product | None) -> str:
    assert product is not None
    assert product.price is not None
    return str(getattr(product.price.value, "amount", ""))


async def test_the_first_frame_after_a_change_shows_the_new_price() -> None:
    shelf, paper = Shelf(), Paper()
    stage, _ = show(shelf=shelf)
    stage.stage, stage.focus = paper, Focus("LAMP-01", "LAMP-01")
    frames: list[int] = []

    def change(desk: object) -> None:
        frames.append(len(paper.scenes))
        shelf.change_price("24.90")

    await play(stage, [(20.0, change)], 21)
    (at,) = frames
    assert amount(paper.scenes[at - 1].card) == "29.90"
    assert amount(paper.scenes[at].card) == "24.90"


async def test_the_pages_are_told_within_two_tenths_of_a_second() -> None:
    shelf = Shelf()
    stage, _ = show(shelf=shelf)
    stage.focus = Focus("LAMP-01", "LAMP-01")
    at = 20.03
    told = await play(stage, [(at, lambda desk: shelf.change_price("24.90"))], 22)
    cards = [event for event in told if event.kind == "cards"]
    assert [event.data["cards"][0]["price"] for event in cards] == ["$24.90"]  # type: ignore[index]
    assert at <= cards[0].at <= at + 0.2


async def test_what_is_not_shown_of_a_product_that_is_not_on_show_follows_too() -> None:
    shelf = Shelf()
    stage, _ = show(shelf=shelf)
    told = await play(stage, [(20.0, lambda desk: shelf.change_price("24.90"))], 22)
    (event,) = [event for event in told if event.kind == "cards"]
    assert event.data["version"] == shelf.version


async def test_an_offer_that_ends_by_the_clock_shows_without_any_change() -> None:
    shelf = Clocked()
    stage, _ = show(shelf=shelf)
    told = await play(stage, [(20.0, lambda desk: shelf.change_price("39.90"))], 22)
    (event,) = [event for event in told if event.kind == "cards"]
    assert event.at <= 21.1


async def test_a_hundred_changes_a_second_do_not_flood_the_pages() -> None:
    shelf = Shelf()
    stage, _ = show(shelf=shelf)

    def change(n: int):  # type: ignore[no-untyped-def]
        return lambda desk: shelf.change_price(f"2{n % 10}.90")

    script = [(20 + n / 100, change(n)) for n in range(200)]
    told = await play(stage, script, 23)
    cards = [event for event in told if event.kind == "cards"]
    assert 2 <= len(cards) <= 30
    assert cards[-1].data["cards"][0]["price"] == "$29.90"  # type: ignore[index]


async def test_a_price_that_changes_before_it_airs_is_not_said() -> None:
    shelf = Shelf()
    stage, air = show(shelf=shelf)
    at = 20.05  # found at 20.0, to air at 20.1
    await play(stage, [*PRICE_ASKED, (at, lambda desk: shelf.change_price("24.90"))], 40)
    said = [line for line in air.lines() if "dollars" in line]
    assert said
    assert all("twenty-four" in line for line in said)


async def test_a_product_that_is_withdrawn_leaves_the_show() -> None:
    shelf = Gone()
    stage, _ = show(shelf=shelf)
    stage.focus = Focus("LAMP-01", "LAMP-01")
    told = await play(stage, [(20.0, shelf.go), (21.0, ask("How much is it?"))], 40)
    assert stage.focus == Focus()
    pinned = [event for event in told if event.kind == "pinned"]
    assert [event.data["card"] for event in pinned] == [None]
    (event,) = [event for event in told if event.kind == "cards"]
    assert event.data["gone"] == ["LAMP-01"]
    assert stage.scene(None).card is None


async def test_a_large_shop_is_not_read_whole() -> None:
    shelf = Large()
    stage, _ = show(shelf=shelf)
    Cards(stage).changes()
    assert shelf.read <= LISTED


@dataclass
class Gone(Shelf):
    """A shop that withdraws its one product."""

    is_gone: bool = False

    def go(self, desk: object) -> None:
        self.is_gone = True

    @property
    def version(self) -> int:
        return 5 if self.is_gone else 4

    def product(self, sku: str) -> Product | None:
        return None if self.is_gone else super().product(sku)


class Clocked(Shelf):
    """What holds changes by the clock alone."""

    version = 4


@dataclass
class Large(Shelf):
    """A million products, each read when it is asked for."""

    read: int = 0

    def products(self):  # type: ignore[no-untyped-def]
        for number in range(1_000_000):
            self.read += 1
            sku = f"P{number}"
            title = fact("title", Words((sku,)), sku)
            yield Product(sku, number, title, None, None, None, None, None)


# --- questions that stay open ------------------------------------------------------------------


@dataclass
class Notebook:
    """Keeps what it is given."""

    noted: list[tuple[str, str, str, int]] = field(default_factory=list)

    def note(self, text: str, language: str, sku: str, asked: int) -> None:
        self.noted.append((text, language, sku, asked))


async def test_a_question_without_an_answer_is_kept_for_the_staff() -> None:
    stage, _ = show()
    stage.questions = book = Notebook()
    asked = "Does it fit a carry-on suitcase?"
    await play(stage, [(0.1, ask(asked, "Ann")), (0.2, ask(asked, "Bo"))], 40)
    assert book.noted == [("Does it fit a carry-on suitcase?", "en", "LAMP-01", 2)]


async def test_what_was_answered_or_is_no_question_is_not_kept() -> None:
    stage, _ = show()
    stage.questions = book = Notebook()
    lines = (
        "How much is the lamp?",
        "thank you!",
        "hello",
        "are you a real person?",
        "lovely evening",
    )
    await play(stage, [(20.0 + 6 * n, ask(line)) for n, line in enumerate(lines)], 60)
    assert book.noted == []
