"""Known items: each product of a Magento export asked for in four forms, as chat would.

short: two words of its name. full: its name. misspelt: its short form with one or two slips of the
finger. chatty: the short form within a whole line of talk, at times with a colour.

Where the words of a short form all stand in several products' names, each of them is right: nobody
could tell which was meant. Magento's sample data are AFL-3.0 (magento/magento2-sample-data).
"""

import csv
import html
import random
import re
from collections.abc import Sequence
from pathlib import Path

from catalog.text import fold, stem
from evals.retrieval.corpus import Item, Query, Task

FILE = Path("magento") / "configurable_products.csv"
SEED = 147
FORMS = ("short", "full", "misspelt", "chatty")
_KEYS = {
    "q": "wa", "w": "qeas", "e": "wrsd", "r": "etdf", "t": "ryfg", "y": "tugh", "u": "yihj",
    "i": "uojk", "o": "ipkl", "p": "ol", "a": "qwsz", "s": "weadzx", "d": "ersfxc", "f": "rtdgcv",
    "g": "tyfhvb", "h": "yugjbn", "j": "uihknm", "k": "iojlm", "l": "opk", "z": "asx", "x": "sdzc",
    "c": "dfxv", "v": "fgcb", "b": "ghvn", "n": "hjbm", "m": "jkn",
}  # fmt: skip
"""Keys beside a key of a QWERTY keyboard."""
LINES = (
    "hey do you have that {} in {colour}?",
    "can you show the {} again pls",
    "hi!! how much was the {} you just showed",
    "i missed it, what was that {} called",
    "omg the {} looks so good, is there {colour}?",
    "does anyone own the {}? worth it?",
    "pls put the {} on screen",
    "wait go back to the {}",
)
COLOURS = ("black", "blue", "gray", "green", "orange", "purple", "red", "white", "yellow")
_WORD = re.compile(r"[^\W_]+")


def items(path: Path) -> list[Item]:
    """The products (not their variants) of a Magento export. Raises FileNotFoundError."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Item(
                line["sku"],
                _plain(line["name"]),
                line["categories"].partition(",")[0].removeprefix("Default Category/"),
                body=_plain(line["description"]),
            )
            for line in csv.DictReader(lines)
            if line["product_type"] == "configurable"
        ]


def _plain(text: str) -> str:
    """HTML as text."""
    bare = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\s+", " ", bare.replace("™", "").replace("®", "")).strip()


def task(found: Sequence[Item], seed: int = SEED) -> Task:
    chance = random.Random(seed)
    names = {item.sku: {stem(word) for word in _words(item.title)} for item in found}
    queries: list[Query] = []
    for item in found:
        short = _short(item.title, chance)
        wanted = {stem(word) for word in _words(short)}
        right = {sku: 1.0 for sku, words in names.items() if wanted <= words}
        line = chance.choice(LINES).format(short, colour=chance.choice(COLOURS))
        texts = (short, item.title, misspelt(short, chance), line)
        for form, text in zip(FORMS, texts, strict=True):
            # a full name means its product alone, unless two are called the same
            own = {s: 1.0 for s, words in names.items() if words == names[item.sku]}
            queries.append(Query(item.sku, text, own if form == "full" else right, form))
    shared = sum(len(query.right) > 1 for query in queries if query.group == "short")
    note = f"{shared} of {len(found)} short forms fit several products' names; each is right"
    return Task("known items", found, queries, f"{len(found)} products of Magento", [note])


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _short(title: str, chance: random.Random) -> str:
    """Two words: what it is called first and what it is, or the first two."""
    words = [word for word in _words(title) if len(word) > 1]
    if len(words) < 3 or chance.random() < 0.3:
        return " ".join(words[:2])
    return f"{words[0]} {words[-1]}"


def misspelt(text: str, chance: random.Random) -> str:
    """With one slip in a word of four letters or more, two in eleven letters or more: the key
    beside, two keys swapped, one left out or hit twice. A first letter stands."""
    slips = 2 if len(text) >= 11 else 1
    for _ in range(slips):
        spots = [at for at in range(1, len(text) - 1) if text[at - 1 : at + 1].isalpha()]
        if not spots:
            break
        at = chance.choice(spots)
        kind = chance.randrange(4)
        key = text[at]
        if kind == 0 and key in _KEYS:
            text = text[:at] + chance.choice(_KEYS[key]) + text[at + 1 :]
        elif kind == 1 and text[at + 1].isalpha():
            text = text[:at] + text[at + 1] + key + text[at + 2 :]
        elif kind == 2:
            text = text[:at] + text[at + 1 :]
        else:
            text = text[:at] + key + text[at:]
    return text
