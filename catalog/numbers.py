"""Link numbers ("number 3", "#3", "le numéro 3", "3号链接") and bounds ("under 20") in a line."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from catalog.text import fold

with (Path(__file__).parent / "lexicons" / "numbers.toml").open("rb") as _file:
    _LISTS: dict[str, list[str]] = tomllib.load(_file)
WORDS: dict[str, int] = {
    word: number for words in _LISTS.values() for number, word in enumerate(words, 1)
} | {"une": 1}
_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2, "幺": 1}


def _any(*lists: str) -> str:
    words = [word for name in lists for word in _LISTS[name]]
    return "|".join(sorted(words, key=len, reverse=True))


_DIGITS = r"\d{1,4}"
_WORD = _any(*_LISTS)
_ORDINAL = _any("en_ordinals", "fr_ordinals", "fr_feminine")
_ZH = "[零一二三四五六七八九十百两兩]{1,5}"
_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_UNITS = (
    r"cm|mm|m|kg|g|ml|cl|l|h|w|eur|euros?|usd|dollars?|bucks|%|\$|€|x|pour|pieces?|pcs|days?|weeks?|months?|years?|jours|mois"
    rf"|ans|{_MONTHS}"
)
_NOUN = (
    r"numbers?|numbr|nummber|num|nr|nbr|no\.?|links?|items?|products?|lots?|numero|nume?ro"
    r"|articles?|liens?|produits?|n[o°º]"
)
_LINKS = [
    re.compile(pattern)
    for pattern in (
        # number 3, no. 3, link #3, item three, article 3, le numéro trois, lien 3, n° 3
        rf"\b(?:{_NOUN})\s*[#:]?\s*({_DIGITS}|(?:{_WORD})\b)(?!\s*(?:%|left\b))",
        rf"#\s?({_DIGITS})",
        # the third one, the 3rd; la troisième, le 3e, le 3ème
        rf"\b(?:the|le|la|du|au)\s+((?:{_ORDINAL})\b"
        r"|\d{1,4}(?=(?:st|nd|rd|th|e|er|ere|eme|ieme)\b))",
        # third one, 3rd link
        rf"\b((?:{_ORDINAL})|\d{{1,4}}(?=(?:st|nd|rd|th)\b))(?:st|nd|rd|th)?"
        r"\s+(?:ones?|link|item|product|lien|produit|article)\b",
        # 3号链接, 三号, 3號, 第3个, 第三款, 链接3
        rf"(?:第\s*)?({_DIGITS}|{_ZH})\s*[号號](?!色|码|前|之前|发|到|开|结)"
        "(?:链接|連結|宝贝|商品|品|款)?",
        rf"第\s*({_DIGITS}|{_ZH})\s*(?:个|個|款|件|样|种|链接)",
        rf"(?:链接|連結|宝贝)\s*({_DIGITS}|{_ZH})(?![天个件块元])",
        # 2 or 3, which is cheaper
        rf"(?<![\d.,])(\d{{1,2}})(?=\s*(?:or|vs\.?|versus|ou|还是|跟|和)\s*#?\d{{1,2}}\b(?!\s*(?:{_UNITS})\b))",
        # between 2 and 3, entre le 2 et le 3
        r"\b(?:between|entre)\s+(?:the |le |la )?#?(\d{1,3})"
        r"(?=\s*(?:and|et|&)\s*(?:the |le |la )?#?\d)",
        # le 3, du 3
        rf"\b(?:le|du)\s+(\d{{1,2}})\b(?!\s*(?:{_UNITS})\b|[.,]\d)",
    )
]
_BARE = re.compile(rf"\s*({_DIGITS})\s*(?:pls|please|plz|svp|stp|[?!？！。]|谢谢)*\s*")
_MORE = re.compile(
    r"\s*(?:,|or|and|vs\.?|versus|ou|et|和|跟|还是|或|、|&)\s*(?:the |le |la )?"
    rf"#?({_DIGITS})\b(?!\s*(?:{_UNITS})\b|[.,]\d)"
)
_AMOUNT = (
    r"(?:\$|€|usd|us\$)?\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*"
    r"(?:\$|€|usd|dollars?|bucks|euros?|美元|美金|元|块|刀)?"
)
_UNDER = [
    re.compile(pattern)
    for pattern in (
        r"\b(?:under|below|less than|up to|cheaper than|max(?:imum)?|within|moins de|sous"
        rf"|en dessous de|jusqu'?a)\s*{_AMOUNT}",
        rf"{_AMOUNT}\s*(?:以下|以内|之内|内)",
        rf"(?:不超过|低于|不到)\s*{_AMOUNT}",
    )
]
_OVER = [
    re.compile(pattern)
    for pattern in (
        rf"\b(?:over|above|more than|plus de|au dessus de)\s*{_AMOUNT}",
        rf"{_AMOUNT}\s*以上",
        rf"(?:超过|高于)\s*{_AMOUNT}",
    )
]
_NOT_MONEY = re.compile(
    r"\s*(?:days?|weeks?|months?|years?|jours?|semaines?|mois|ans|cm|mm|kg|g|ml|hours?|heures?"
    r"|degrees|天|个月|年|岁|小时|厘米|克)"
)
Bound = tuple[Literal["under", "over"], Decimal]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a line, and the line without them."""

    links: tuple[int, ...]
    """Link numbers, in the order they stand."""
    bound: Bound | None
    rest: str
    """Folded; blanks stand where a number stood."""
    loose: tuple[int, ...] = ()
    """Of *links* those that may as well be sizes: "le 29", "29?"."""


def chinese(text: str) -> int | None:
    """三 as 3, 十二 as 12, 二十 as 20, 一百 as 100; None for what is no number."""
    if text.isdigit() and text.isascii():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif character == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif character in _CHINESE:
            digit = _CHINESE[character]
        else:
            return None
    return total + digit


def numbers(line: str) -> Numbers:
    """Find link numbers and a bound in a chat line."""
    text = fold(line)[:2000]
    bound, text = _bound(text)
    bare = _BARE.fullmatch(text)
    if bare:
        return Numbers((int(bare[1]),), bound, " ", (int(bare[1]),))
    links: list[tuple[int, int]] = []
    loose: list[int] = []
    for pattern in _LINKS:
        while found := pattern.search(text):
            value = WORDS.get(found[1], chinese(found[1]))
            if value is None:
                break
            start, end = found.span()
            links.append((start, value))
            if pattern is _LINKS[-1]:
                loose.append(value)
            while more := _MORE.match(text, end):
                links.append((more.start(1), int(more[1])))
                end = more.end()
            # blanks of the same length keep the order of what is found next
            text = text[:start] + " " * (end - start) + text[end:]
    links.sort()
    return Numbers(tuple(dict.fromkeys(value for _, value in links)), bound, text, tuple(loose))


def _bound(text: str) -> tuple[Bound | None, str]:
    sides: tuple[tuple[Literal["under", "over"], list[re.Pattern[str]]], ...] = (
        ("under", _UNDER),
        ("over", _OVER),
    )
    for side, patterns in sides:
        for pattern in patterns:
            found = pattern.search(text)
            if found and not _NOT_MONEY.match(text, found.end()):
                amount = Decimal(found[1].replace(",", "."))
                return (side, amount), text[: found.start()] + " " + text[found.end() :]
    return None, text
