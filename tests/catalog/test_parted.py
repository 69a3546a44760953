"""What is asked in words with others in between is read as if they stood together."""

import pytest

from agent.types import Topic
from catalog.lexicon import base
from catalog.text import tokens


def asked(line: str) -> list[tuple[Topic, tuple[str, ...]]]:
    spans = base().read(tokens(line), {})
    found = [s.sense for s in spans if s.sense is not None and s.sense.kind == "ask"]
    return [(sense.topic, sense.fields) for sense in found if sense.topic is not None]


@pytest.mark.parametrize(
    ("line", "topic", "fields"),
    [
        ("how much does the blue mug hold", Topic.FREE, ("capacity",)),
        ("where are the socks made", Topic.ORIGIN, ()),
        ("de quoi est vraiment faite la couverture", Topic.MATERIAL, ()),
        ("jusqu'à quand dure l'offre", Topic.OFFER, ("offer_ends",)),
        ("多久能寄到", Topic.DELIVERY, ("delivery_days",)),
    ],
)
def test_words_between_the_halves_of_a_phrase_are_no_hindrance(
    line: str, topic: Topic, fields: tuple[str, ...]
) -> None:
    assert (topic, fields) in asked(line)


def test_a_mark_parts_what_is_asked() -> None:
    assert (Topic.FREE, ("capacity",)) not in asked("how much, and does it hold")
    assert (Topic.FREE, ("capacity",)) not in asked("how much is the big blue mug for tea, hold on")


def test_the_nearest_second_half_is_the_one_that_is_meant() -> None:
    line = "how long does the sale last"
    assert asked(line)[0] == (Topic.OFFER, ("offer_ends",))
