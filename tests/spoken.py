"""Speech without a voice: the sounds of a few sentences, timed, to move a mouth by."""

import numpy as np

from agent.types import Phone

SENTENCES = (
    "ð ɪ s l æ m p  m ʌ m b ɔ t  ɪ z  h æ n d m eɪ d",  # this lamp mum bought is handmade
    "p ʊ t  ɪ t  b aɪ  j oʊ ɹ  b ɛ d  ɔ ɹ  ɪ n  ð ə  h ɑ l",  # put it by your bed or in the hall
    "w i  f aʊ n d  s ɪ k s  m ɔ ɹ  ɪ n  p ɝ p ə l  æ n d  b l æ k",  # we found six more in ...
)
_LONG = frozenset("æʌɔɑɛiɝaeo")


def spoken(seed: int = 3) -> tuple[list[Phone], float]:
    """The sounds of SENTENCES with pauses between, and how long they take in seconds: some 8 s
    with 14 closures and 10 open vowels."""
    chance = np.random.default_rng(seed)
    phones: list[Phone] = []
    now = 0.4
    for sentence in SENTENCES:
        for symbol in sentence.split():
            length = 0.11 if symbol[0] in _LONG else 0.07
            length *= float(chance.uniform(0.8, 1.3))
            phones.append(Phone(symbol, now, now + length))
            now += length
        now += 0.36
    return phones, now
