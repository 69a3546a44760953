"""Chat lines as plain tokens, and how alike two words are."""

import re
import unicodedata

_CJK = r"\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af"
CJK_RUN = re.compile(f"[{_CJK}]+")
_TOKEN = re.compile(rf"[a-z0-9]+(?:[.,][0-9]+)?|[{_CJK}]|[,;&+?!.。，、；？！/]")
_ELISION = re.compile(r"\b(?:l|d|j|c|s|n|m|t|qu|jusqu)['’](?=\w)")


def fold(text: str) -> str:
    """Lower case, compatibility forms (full-width digits), no accents, no invisible characters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t")
    split = unicodedata.normalize("NFD", text)
    text = unicodedata.normalize("NFC", "".join(c for c in split if not unicodedata.combining(c)))
    return text.replace("œ", "oe").replace("æ", "ae")


def tokens(text: str) -> list[str]:
    """Words, single Chinese characters and marks of a line; "l'été" gives "ete", "it's" "its"."""
    folded = _ELISION.sub(" ", fold(text)[:2000])
    folded = re.sub(r"(?<=\w)['’](?=\w)", "", folded)
    return [_shorter(found) for found in _TOKEN.findall(folded)]


def _shorter(token: str) -> str:
    """ "soooo" as "soo": what is drawn out in chat is not spelt so."""
    return re.sub(r"([a-z])\1{2,}", r"\1\1", token)


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
    if len(word) > 4 and word.endswith("eaux"):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def distance(a: str, b: str, most: int) -> int:
    """Edits (insert, delete, change, swap neighbours) from *a* to *b*; most + 1 if more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row = row, [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = last
    return row[-1]


def alike(typed: str, word: str) -> bool:
    """Whether *typed* is *word*, or a slip of it: one edit from five letters on, two from nine.
    The first letter stands, unless two letters swapped places."""
    if typed == word or stem(typed) == stem(word):
        return True
    size = min(len(typed), len(word))
    if size < 4 or typed.isdigit() or is_cjk(typed) or is_cjk(word):
        return False
    most = 2 if size >= 9 else 1
    if size == 4 and (sorted(typed) != sorted(word)):
        return False  # of four letters only a swap is a slip: "mugs" is not "bugs"
    if typed[0] != word[0] and sorted(typed[:2]) != sorted(word[:2]):
        return False
    return distance(stem(typed), stem(word), most) <= most
