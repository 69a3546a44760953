import numpy as np
import pytest

from agent.types import Phone, Samples
from evals.phonetimes import lag

RATE = 24_000


def a_hiss(phones: list[Phone], late_s: float) -> Samples:
    chance = np.random.default_rng(4)
    sound = np.zeros(3 * RATE, np.float32)
    for phone in phones:
        a, b = (int((t + late_s) * RATE) for t in (phone.start, phone.end))
        noise = chance.normal(0, 0.1, b - a + 1)
        tone = 0.2 * np.sin(2 * np.pi * 200 * np.arange(b - a) / RATE)
        sound[a:b] = np.diff(noise) if phone.symbol == "s" else tone
    return sound


@pytest.mark.parametrize("late_s", [-0.1, 0.0, 0.06])
def test_the_error_of_a_voices_times_is_found(late_s: float) -> None:
    order, now = "asasaaassaas", 0.2
    phones: list[Phone] = []
    for number, symbol in enumerate(order):
        length = 0.09 + 0.01 * (number % 4)
        phones.append(Phone(symbol, now, now + length))
        now += length + 0.02 * (number % 3)
    found, fits = lag(a_hiss(phones, late_s), RATE, phones)
    assert found == pytest.approx(late_s, abs=0.006)
    assert fits > 0.8


def test_speech_without_a_hiss_tells_nothing() -> None:
    with pytest.raises(ValueError, match="hisses"):
        lag(np.zeros(RATE, np.float32), RATE, [Phone("a", 0.1, 0.3)])
    with pytest.raises(ValueError, match="hisses"):
        lag(np.zeros(0, np.float32), RATE, [Phone("s", 0.1, 0.3)])
