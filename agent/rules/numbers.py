"""Numbers in a sentence, in digits and words of any notation, and the facts that back them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from agent.numerals import integer
from agent.plaintext import fold
from agent.types import Fact, Language, Money, Quantity, Span, Value
from agent.units import names_of

# --- where a number stands -------------------------------------------------------------------

_EN_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN = {word: value for value, word in enumerate(_EN_ONES)}
_EN |= {word: 20 + 10 * place for place, word in enumerate(_EN_TENS)}
_FR_ONES = [
    *("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
]
_FR = {word: value for value, word in enumerate(_FR_ONES)} | {"une": 1}
_FR |= {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50}
_FR |= {"soixante": 60, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SCALES |= {"cent": 100, "cents": 100, "mille": 1000, "millions": 10**6, "milliard": 10**9}
_OTHER_EN = (
    r"hundreds|thousands|millions|billions|dozens?|halves|half|quarters?|thirds?|doubles?|triples?"
    r"|twice|thrice|fourths?|fifths?|sixth|seventh|eighth|ninth|tenth|\w+teenth|\w+tieth|couple|tenfold|second(?=\s+(?!thoughts?\b)\w)"
)
_OTHER_FR = (
    r"centaines?|milliers?|milliards?|douzaines?|dizaines?|vingtaine|demie?s?|moitie|tiers|quarts?"
    r"|doubles?|triples?|deuxieme|troisieme|quatrieme|cinquieme|\w+ieme"
)
_UNITS_ONE = (
    r"(?:euros?|dollars?|pounds?|cents?|percent|days?|hours?|weeks?|months?|years?|hundred|thousand"
    r"|million|left|remaining|more left|in stock|jours?|mois|an|ans|heures?|semaines?|seule?"
    r"|pour cent|centimes?)"
)
_HARMLESS_ONE = re.compile(
    r"(?<!only )(?<!just )(?<!last )(?<!number )(?<!no )(?<!seulement )(?<!plus qu')"
    rf"\b(?:one|une?)\b(?![- ]{_UNITS_ONE}\b)"
)
_ZH_HARMLESS = re.compile(
    r"一(?:下|起|样|些|点(?!\d|[零一二三四五六七八九])|直|边|般|共|同|会儿|并|定|旦|切|律|面|一|条龙|眼)|这一|那一|每一|万一|统一|第一(?:个问题|次来|步)|一个(?!月|小时|星期|礼拜)|(?<![剩有只存就仅])一(?:包|瓶|盒|口|套|件|台|副|双|次)(?!就|全)|十分(?!钟)|千万别|一款"
)
_ZH_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_ZH_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_ZH_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ZH_NUMBER = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
_DIGITS = r"\d+(?:[.,\s]\d+)*"


@cache
def _spoken(language: Language) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(rf"{_ZH_NUMBER}|半|双倍|翻倍|[俩仨]|打折")
    table, other = (_EN, _OTHER_EN) if language == "en" else (_FR, _OTHER_FR)
    names = "|".join(sorted((*table, *_SCALES), key=len, reverse=True))
    words = rf"(?:{names})(?:[-\s](?:and\s|et[-\s])?(?:{names}))*"
    return re.compile(rf"\b(?:{words}(?:\s(?:point|virgule)\s{words})?|{other})\b")


def first_number(bare: str, language: Language) -> str | None:
    """The first number in *bare*, folded text, that is one: "one" in "this one" is none."""
    for char in bare:
        if unicodedata.category(char)[0] == "N" and char not in _ZH_DIGITS:
            return char
    rest = _ZH_HARMLESS.sub(" ", bare) if language == "zh" else _HARMLESS_ONE.sub(" ", bare)
    found = _spoken(language).search(rest)
    return found.group() if found else None


# --- what it is ------------------------------------------------------------------------------


def values(text: str, language: Language) -> set[Decimal]:
    """What *text* may mean as a number: "1,299" is 1299 or, in French, 1.299."""
    if text[0].isdecimal():
        bare = re.sub(r"\s", "", text)
        readings = {bare.replace(",", "")}
        if bare.count(",") == 1:
            readings.add(bare.replace(".", "").replace(",", "."))
        if bare.count(".") >= 1 and "," not in bare:
            readings.add(bare.replace(".", "") if bare.count(".") > 1 else bare)
        return {Decimal(reading) for reading in readings if reading.count(".") <= 1}
    value = chinese(text) if language == "zh" else words_to_number(text, language)
    return ({value} if value is not None else set()) | _price_of(text, language)


def _price_of(text: str, language: Language) -> set[Decimal]:
    """What "nine fifty" is as a price: English and French leave out what the coins are called."""
    head, _, tail = text.rpartition(" ")
    if language == "zh" or not head:
        return set()
    whole, coins = words_to_number(head, language), words_to_number(tail, language)
    if whole is None or coins is None or not (whole < 1000 and 10 <= coins < 100):
        return set()
    return {whole + coins / 100}


def words_to_number(text: str, language: Language) -> Decimal | None:
    """English or French number words as a number; None if they are none."""
    table = _EN if language == "en" else _FR
    if found := re.search(r"\s(?:point|virgule)\s", text):
        whole = words_to_number(text[: found.start()], language)
        digits = [table.get(word) for word in re.split(r"[-\s]+", text[found.end() :])]
        if whole is None or any(digit is None or digit > 9 for digit in digits):
            return None
        return Decimal(f"{whole}.{''.join(map(str, digits))}")
    total, group = 0, 0
    parts = [part for part in re.split(r"[-\s]+", text) if part not in ("and", "et")]
    for place, part in enumerate(parts):
        if part in table:
            value = table[part]
            if language == "fr" and value == 20 and place and parts[place - 1] == "quatre":
                group += 76  # quatre-vingts: the four is there already
            else:
                group += value
        elif part in _SCALES:
            scale = _SCALES[part]
            if scale == 100:
                group = max(group, 1) * 100
            else:
                total, group = total + max(group, 1) * scale, 0
        else:
            return None
    return Decimal(total + group)


def chinese(text: str) -> Decimal | None:
    """A Chinese numeral as a number."""
    whole, _, fraction = text.partition("点")
    total, section, digit = 0, 0, 0
    if len(whole) > 1 and all(char in _ZH_DIGITS for char in whole):
        total = int("".join(str(_ZH_DIGITS[char]) for char in whole))
    else:
        for char in whole:
            if char in _ZH_DIGITS:
                digit = _ZH_DIGITS[char]
            elif (place := _ZH_PLACES.get(char)) is None:
                return None
            elif place >= 10**4:
                total, section, digit = (total + section + digit or 1) * place, 0, 0
            else:
                section, digit = section + (digit or 1) * place, 0
        total += section + digit
    digits = "".join(str(_ZH_DIGITS[char]) for char in fraction)
    return Decimal(f"{total}.{digits}") if digits else Decimal(total)


@cache
def called(number: int, language: Language) -> re.Pattern[str]:
    """How one calls the product with this link number: "number 3", "link three"."""
    ways = f"{number}|{re.escape(fold(integer(number, language)))}"
    if language == "zh":
        return re.compile(rf"(?<![\d零一二两三四五六七八九十])(?:{ways})号(?:链接)?")
    return re.compile(rf"\b(?:number|link|numero|lien|no\.?) ?(?:{ways})(?![.,]\d|[\w-])")


# --- what backs it ---------------------------------------------------------------------------

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "欧": "EUR",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD", "美金": "USD",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "livres": "GBP", "英镑": "GBP",
    "¥": "", "yen": "JPY", "日元": "JPY", "元": "CNY", "块": "CNY", "块钱": "CNY", "yuan": "CNY",
}  # fmt: skip


WORDS = frozenset({*_EN, *_FR, *_SCALES, *_CURRENCIES})
"""Of numbers and money, folded, but for those of _OTHER_EN and _OTHER_FR."""

_MONEY = re.compile(
    r"[€$£¥]|\b(?:euros?|eur|dollars?|usd|pounds?|gbp|cents?)\b|欧元|美元|英镑|块|元"
)


def speaks_of_money(bare: str) -> bool:
    """Whether a currency stands in *bare*."""
    return bool(_MONEY.search(bare))


_WORDS_TOO = {"in", "a", "m", "s", "k"}
"""Symbols of units that are words or parts of words as well."""
_UNITS_TOO: dict[Language, dict[str, str]] = {
    "en": {"kilo": "kg", "kilos": "kg", "hrs": "hour", "hr": "hour", "yr": "year", "yrs": "year"},
    "fr": {"kilo": "kg", "kilos": "kg"},
    "zh": {"公斤": "kg", "日": "day", "个月": "month", "个小时": "hour", "个钟头": "hour"}
    | dict.fromkeys("副包瓶台盒只双个条口块片", "piece"),
}
"""Other names of units, and the measure words that count pieces."""


def number_pattern(language: Language) -> str:
    """What a number is written as, in digits or words."""
    return rf"(?:{_DIGITS}|{_spoken(language).pattern})"


@dataclass(frozen=True, slots=True)
class Backed:
    """A number in a text that facts hold."""

    start: int
    end: int
    fields: tuple[str, ...]
    """All that hold it; which one is meant is for the words around it to say."""
    exact: bool
    """In the unit of the fact: "twenty-four months" and not "two years"."""


@cache
def _names(language: Language) -> Mapping[str, str]:
    return {**names_of(language), **_UNITS_TOO[language]}


@cache
def _backable(language: Language) -> re.Pattern[str]:
    number = rf"{_DIGITS}|{_spoken(language).pattern}"
    units = sorted({*_CURRENCIES, *_names(language), "%"} - _WORDS_TOO, key=len, reverse=True)
    unit = "|".join(re.escape(name) for name in units)
    money = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
    joint = r"\s*(?:to|a|-|–|到|至)\s*"
    ends = "" if language == "zh" else r"(?!\w)"
    begins = "" if language == "zh" else r"(?<!\w)"
    coins = r"[一二三四五六七八九\d](?!\d)" if language == "zh" else rf"\s(?:\d\d|{number})"
    after = rf"(?P<currency>{money})(?!\w)" if language == "zh" else "(?P<currency>(?!))"
    return re.compile(
        rf"(?P<sign>[€$£¥]\s?)?{begins}(?P<low>{number})(?:{joint}(?P<high>{number}))?"
        rf"(?:[\s-]?(?:(?P<major>{money})(?P<coins>{coins}){after}?{ends}|(?P<unit>{unit}){ends}))?"
    )


def backed(bare: str, slots: Mapping[str, Fact], language: Language) -> list[Backed]:
    """The numbers in *bare*, folded text, that a fact holds, in their order."""
    found = []
    for match in _apart(bare, slots, language):
        unit = (match["sign"] or match["currency"] or match["unit"] or match["major"] or "").strip()
        low = values(match["low"], language)
        if match["coins"]:
            low = {
                whole + (coins / (10 if language == "zh" and coins < 10 else 100))
                for whole in low
                for coins in values(match["coins"].strip(), language)
                if coins < 100
            }
        high = values(match["high"], language) if match["high"] else None
        names = _names(language)
        fields = [f for f, fact in slots.items() if _backs(fact.value, low, high, unit, language)]
        if fields:
            value = slots[fields[0]].value
            exact = not isinstance(value, Quantity | Span) or value.unit in (
                names.get(unit, unit),
                "",
                "piece",
            )
            tail = len(match.group()) - len(match.group().rstrip())
            found.append(Backed(match.start(), match.end() - tail, tuple(fields), exact))
    return found


def _apart(bare: str, slots: Mapping[str, Fact], language: Language) -> Iterator[re.Match[str]]:
    """The numbers in *bare*: two that stand as a range are one where a fact has that range, and
    else two, "from 110 to 79"."""
    pattern, at = _backable(language), 0
    spans = [fact.value for fact in slots.values() if isinstance(fact.value, Span)]
    while match := pattern.search(bare, at):
        at = match.end()
        if match["high"]:
            low, high = values(match["low"], language), values(match["high"], language)
            if not any(span.low in low and span.high in high for span in spans):
                alone = pattern.search(bare, match.start(), match.end("low"))
                if alone is not None:
                    match, at = alone, alone.end()
        yield match


def _backs(
    value: Value, low: set[Decimal], high: set[Decimal] | None, unit: str, language: Language
) -> bool:
    if isinstance(value, Money):
        money = _CURRENCIES.get(unit)
        right = not unit or (money is not None and money in ("", value.currency))
        return high is None and right and value.amount in low
    symbol = _names(language).get(unit, unit)
    if isinstance(value, Span):
        if high is None:
            return value.low == value.high and value.low in low and symbol == value.unit
        return value.low in low and value.high in high and symbol == value.unit
    if (
        isinstance(value, Quantity)
        and high is None
        and (not unit or unit not in _CURRENCIES or symbol != unit)
    ):
        if symbol == "year" and value.unit == "month":
            return any(years * 12 == value.amount for years in low)
        counted = symbol in ("", "piece", "person") and value.unit in ("", "piece")
        return value.amount in low and (counted or symbol == value.unit)
    return False
