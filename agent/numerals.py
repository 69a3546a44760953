"""Numbers in words, as one says them in English, French and Chinese."""

from decimal import Decimal
from functools import lru_cache

from num2words import num2words

from agent.types import Language

_DIGITS = "零一二三四五六七八九"
_POINT: dict[Language, str] = {"en": "point", "fr": "virgule", "zh": "点"}
_MINUS: dict[Language, str] = {"en": "minus ", "fr": "moins ", "zh": "负"}


@lru_cache(4096)
def cardinal(number: Decimal, language: Language) -> str:
    """*number* in words, digit by digit after the point: "twelve point zero five"."""
    number = plain(number)
    if number < 0:
        return _MINUS[language] + cardinal(-number, language)
    whole, _, fraction = f"{number:f}".partition(".")
    words = integer(int(whole), language)
    if not fraction:
        return words
    digits = [integer(int(digit), language) for digit in fraction]
    if language == "zh":
        return words + _POINT["zh"] + "".join(digits)
    return f"{words} {_POINT[language]} {' '.join(digits)}"


def plain(number: Decimal) -> Decimal:
    """*number* without zeros at its end: 24.90 is 24.9, 1E+2 is 100."""
    number = number.normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def integer(number: int, language: Language) -> str:
    """*number*, at least 0, in words."""
    if language == "zh":
        return _chinese(number)
    return str(num2words(number, lang=language)).replace(",", "")


def ordinal(number: int) -> str:
    """*number* as an English ordinal: "twenty-seventh"."""
    return str(num2words(number, lang="en", to="ordinal"))


def feminine(words: str) -> str:
    """French number words before a feminine noun: "vingt et une"."""
    return f"{words}e" if words == "un" or words.endswith((" un", "-un")) else words


def counted(number: Decimal) -> str:
    """Chinese number words before a measure word: 两 for a bare two."""
    return "两" if number == 2 else cardinal(number, "zh")


def _chinese(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    if number < 20:
        return "十" + (_DIGITS[number - 10] if number > 10 else "")
    for size, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            head, tail = divmod(number, size)
            lead = "两" if head == 2 and size >= 1000 else _chinese(head)
            if not tail:
                return lead + name
            # a gap of a place is read as one zero; ten inside a number is 一十
            gap = "零" if tail < size // 10 else ""
            rest = _chinese(tail)
            return lead + name + gap + ("一" + rest if rest.startswith("十") else rest)
    raise AssertionError(number)
