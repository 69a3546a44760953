"""Chat lines as plain tokens, and how alike two words are."""

import re
import unicodedata

CJK = r"\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af"
CJK_RUN = re.compile(f"[{CJK}]+")
_TOKEN = re.compile(rf"[a-z0-9]+(?:[.,][0-9]+)?|[{CJK}]|[,;&+?!.。，、；？！/]")
_MARKS = str.maketrans("", "", "™®©℠")
_THE = re.compile(r"\bthé(s?)\b", re.I)
"""French tea, which without its accent is an English article."""
_ELISION = re.compile(r"\b(?:l|d|j|c|s|n|m|t|qu)['’](?=\w)")

_UNTIL = re.compile(r"\bjusqu['’]")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_INVISIBLE = {code: None for code in (*range(32), 127) if chr(code) not in "\n\t"}


def fold(text: str) -> str:
    """Lower case, compatibility forms (full-width digits), no accents, no invisible characters."""
    if text.isascii():  # most of a large shop's texts, and twenty times as quick
        return text.lower().translate(_INVISIBLE)
    text = unicodedata.normalize("NFKC", text.translate(_MARKS)).casefold()
    text = _THE.sub(r"tea\1", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t")
    split = unicodedata.normalize("NFD", text)
    text = unicodedata.normalize("NFC", "".join(c for c in split if not unicodedata.combining(c)))
    return text.replace("œ", "oe").replace("æ", "ae")


def tokens(text: str) -> list[str]:
    """Words, single Chinese characters and marks of a line; "l'été" gives "ete", "it's" "its"."""
    folded = _ELISION.sub(" ", _UNTIL.sub("jusque ", fold(text)[:2000]))
    folded = re.sub(r"(?<=\w)['’](?=\w)", "", folded)
    return _TOKEN.findall(_shorter(folded))


def _shorter(text: str) -> str:
    """ "soooo" as "soo": what is drawn out in chat is not spelt so."""
    return _DRAWN_OUT.sub(r"\1\1", text)


def is_cjk(token: str) -> bool:
    return bool(CJK_RUN.match(token))


def bigrams(text: str) -> str:
    """Chinese as overlapping pairs, so that an index finds 蓝色 within a run."""

    def pairs(found: re.Match[str]) -> str:
        run = found[0]
        return " " + " ".join(run[i : i + 2] for i in range(max(1, len(run) - 1))) + " "

    return CJK_RUN.sub(pairs, fold(text))


def stem(word: str) -> str:
    """Without the plural of English and French: mugs, boxes, bateaux."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 4 and word.endswith(("sse", "she", "che", "xe")):
        return word[:-1]  # as its plural: tasse, tasses
    if len(word) > 4 and word.endswith("eaux"):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {key: (x + y * 0.5, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
_VOWELS = frozenset("aeiouy")
_SAME_SOUND = ({"i", "y"},)
_SOUNDS = ("ck", "cs", "sz", "ij", "mn", "kq", "vw", "fp")


def _near(a: str, b: str) -> bool:
    """Whether one is easily typed or heard for the other."""
    if a == b or (a in _VOWELS and b in _VOWELS):
        return True
    if any(a in pair and b in pair for pair in _SOUNDS):
        return True
    if a not in _KEYS or b not in _KEYS:
        return False
    (ax, ay), (bx, by) = _KEYS[a], _KEYS[b]
    return abs(ax - bx) <= 1 and abs(ay - by) <= 1


def slips(typed: str, word: str, most: int) -> int:
    """How many slips of the finger lead from *word* to *typed*; most + 1 if more, or if one of
    them is no slip: a change to a key far away, a letter that comes from nowhere. So "speeker"
    is "speaker", but "sneaker" is not."""
    if abs(len(typed) - len(word)) > most:
        return most + 1
    far = most + 1
    before: list[int] = []
    row = list(range(len(word) + 1))  # letters left out
    for i, x in enumerate(typed, 1):
        around = typed[max(0, i - 2)] + typed[min(len(typed) - 1, i)]
        extra = 1 if i > 1 and any(x == y or _near(x, y) for y in around) else far
        last, row = row, [row[0] + extra]
        for j, y in enumerate(word, 1):
            change = 0 if x == y else 1 if _near(x, y) else far
            cost = min(last[j] + extra, row[-1] + 1, last[j - 1] + change)
            if i > 1 and j > 1 and x == word[j - 2] and typed[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return far
        before = last
    return min(row[-1], far)


def alike(typed: str, word: str) -> bool:
    """Whether *typed* is *word*, or a slip of it: one from five letters on, two from nine. Of four
    letters only a swap or a letter typed twice is one. The first letter stands, unless it changed
    places."""
    if typed == word or stem(typed) == stem(word):
        return True
    typed, word = stem(typed), stem(word)
    size = min(len(typed), len(word))
    if size < 4 or typed.isdigit() or is_cjk(typed) or is_cjk(word):
        return False
    if typed.startswith(word) and typed[len(word) :].strip(word[-1]):
        return False  # "descaler" is made of "descale", and something else
    sounds = [{a, b} for a, b in zip(typed, word, strict=False) if a != b]
    if len(typed) == len(word) == 4 and len(sounds) == 1 and sounds[0] in _SAME_SOUND:
        return True
    if len(word) == 4 and sorted(typed) != sorted(word):
        return len(typed) == 5 and re.sub(r"(.)\1", r"\1", typed) == word
    if typed[0] != word[0] and sorted(typed[:2]) != sorted(word[:2]):
        return False
    most = 2 if size >= 9 else 1
    return slips(typed, word, most) <= most
