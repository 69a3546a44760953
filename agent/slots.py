"""Facts into sentences: every number, price, date and stock is put in here, for ear and for eye."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_name, get_currency_precision

from agent.numerals import cardinal, counted, feminine, integer, ordinal, plain
from agent.types import Fact, Language, Moment, Money, Quantity, Span, Value, Words
from agent.units import SYMBOLS, Unit, unit_of

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LOCALE: dict[Language, Locale] = {
    "en": Locale("en", "US"),
    "fr": Locale("fr", "FR"),
    "zh": Locale("zh"),
}


class SlotError(ValueError):
    """A fact that cannot be said: a yes or no, or a slot that no fact fills."""


def slot_names(text: str) -> list[str]:
    """The slots in *text*, in order, each as often as it stands there."""
    return SLOT.findall(text)


def fill(sentence: str, slots: Mapping[str, Fact], render: Callable[[Fact], str]) -> str:
    """*sentence* with each slot rendered, and a capital first. Raises SlotError for an unknown
    slot."""

    def put(found: re.Match[str]) -> str:
        fact = slots.get(found[1])
        if fact is None:
            raise SlotError(f"no fact fills {{{found[1]}}}")
        return render(fact)

    filled = SLOT.sub(put, sentence)
    return filled[:1].upper() + filled[1:] if SLOT.match(sentence) else filled


def ear(fact: Fact, language: Language) -> str:
    """The value of *fact* in words: no digit, no symbol. Raises SlotError for a yes or no."""
    return say(fact.value, language)


def eye(fact: Fact, language: Language) -> str:
    """The value of *fact* as one writes it. Raises SlotError for a yes or no."""
    return show(fact.value, language)


def say(value: Value, language: Language) -> str:
    """*value* for the ear."""
    match value:
        case bool():
            raise SlotError("a yes or no is not said by a slot")
        case Money():
            return _say_money(value, language)
        case Quantity():
            return _say_quantity(value.amount, unit_of(value.unit, language), language)
        case Span():
            unit = unit_of(value.unit, language)
            if value.low == value.high:
                return _say_quantity(value.low, unit, language)
            joint = {"en": " to ", "fr": " à ", "zh": "到"}[language]
            low = counted(value.low) if language == "zh" else cardinal(plain(value.low), language)
            return low + joint + _say_quantity(value.high, unit, language)
        case Moment():
            return _say_moment(value, language)
        case Words():
            return _listed([_say_words(item, language) for item in value.items], language)


def tag(price: Fact | None, language: Language) -> str:
    """What a price tag says: the price, "from" it where versions cost more, or nothing."""
    if price is None:
        return ""
    shown = eye(price, language)
    if price.field != "price_from":
        return shown
    return {"en": f"from {shown}", "fr": f"dès {shown}", "zh": f"{shown}起"}[language]


def deadline(moment: Fact | None, language: Language) -> str:
    """Until when, short enough for a card; nothing where there is no such moment."""
    if moment is None or not isinstance(moment.value, Moment):
        return ""
    at, locale = moment.value.at.astimezone(ZoneInfo(moment.value.zone)), _LOCALE[language]
    time = format_time(at, "short", locale=locale)
    return f"{format_date(at, 'medium', locale)}{_AT[language]}{time}"


def show(value: Value, language: Language) -> str:
    """*value* for the eye."""
    match value:
        case bool():
            raise SlotError("a yes or no is not shown by a slot")
        case Money():
            return _show_money(value, language)
        case Quantity():
            return _show_quantity(value.amount, unit_of(value.unit, language), language)
        case Span():
            unit = unit_of(value.unit, language)
            if value.low == value.high:
                return _show_quantity(value.low, unit, language)
            joint = {"en": "–", "fr": " à ", "zh": "–"}[language]
            return _number(value.low, language) + joint + _show_quantity(value.high, unit, language)
        case Moment():
            at = value.at.astimezone(ZoneInfo(value.zone))
            locale = _LOCALE[language]
            pattern = {
                "en": "EEEE, MMMM d, y",
                "fr": "EEEE d MMMM y",
                "zh": "y年M月d日EEEE",
            }[language]
            time = format_time(at, "short", locale=locale)
            return f"{format_date(at, pattern, locale)}{_AT[language]}{time}"
        case Words():
            return _listed(list(value.items), language)


_AT: dict[Language, str] = {"en": ", ", "fr": " à ", "zh": " "}


# --- money -----------------------------------------------------------------------------------

_MINOR: dict[Language, dict[str, tuple[str, str]]] = {
    "en": {"EUR": ("cent", "cents"), "USD": ("cent", "cents"), "GBP": ("penny", "pence")},
    "fr": {"EUR": ("centime", "centimes"), "USD": ("cent", "cents"), "GBP": ("penny", "pence")},
    "zh": {},
}
_CHINESE_NAME = {
    "EUR": "欧元", "USD": "美元", "GBP": "英镑", "JPY": "日元", "CNY": "元",
}  # fmt: skip
_MAJOR: dict[Language, dict[str, tuple[str, str]]] = {
    "en": {
        "EUR": ("euro", "euros"),
        "USD": ("dollar", "dollars"),
        "GBP": ("pound", "pounds"),
        "JPY": ("yen", "yen"),
        "CNY": ("yuan", "yuan"),
    },
    "fr": {
        "EUR": ("euro", "euros"),
        "USD": ("dollar", "dollars"),
        "GBP": ("livre", "livres"),
        "JPY": ("yen", "yens"),
        "CNY": ("yuan", "yuans"),
    },
    "zh": {},
}


def _say_money(money: Money, language: Language) -> str:
    if language == "zh":
        return _say_chinese_money(money)
    whole, cents = divmod(money.amount * 100, 100)
    minor = _MINOR[language].get(money.currency)
    if minor is None or cents != int(cents) or money.amount < 0:
        number = cardinal(plain(money.amount), language)
        return f"{number} {_major(money.amount, money.currency, language)}"
    coins = integer(int(cents), language)
    coin = minor[0] if _single(cents, language) else minor[1]
    if whole == 0 and cents:
        return f"{coins} {coin}"
    notes = integer(int(whole), language)
    if language == "fr" and money.currency == "GBP":
        notes = feminine(notes)
    major = _major(whole, money.currency, language)
    if language == "fr" and whole >= 10**6 and whole % 10**6 == 0:
        major = ("d'" if major[0] in "aeiou" else "de ") + major
    said = f"{notes} {major}"
    if not cents:
        return said
    if cents < 10 or (language == "en" and money.currency == "USD"):
        return f"{said} {'and' if language == 'en' else 'et'} {coins} {coin}"
    return f"{said} {coins}"


def _major(amount: Decimal, currency: str, language: Language) -> str:
    names = _MAJOR[language].get(currency)
    if names:
        return names[0] if _single(amount, language) else names[1]
    return str(get_currency_name(currency, amount, locale=_LOCALE[language]))


def _single(amount: Decimal, language: Language) -> bool:
    return abs(amount) < 2 if language == "fr" else amount == 1


def _say_chinese_money(money: Money) -> str:
    name = _CHINESE_NAME.get(money.currency) or str(
        get_currency_name(money.currency, locale=_LOCALE["zh"])
    )
    amount = plain(money.amount)
    fen = amount * 100
    if money.currency != "CNY" or amount == int(amount) or fen != int(fen) or amount < 0:
        return counted(amount) + name
    yuan, rest = divmod(int(fen), 100)
    jiao, fen_left = divmod(rest, 10)
    said = counted(Decimal(yuan)) + "块" if yuan else ""
    if not fen_left:
        # the smallest unit is left out after a larger one: 二十四块九
        return said + (integer(jiao, "zh") if yuan else counted(Decimal(jiao)) + "毛")
    if not jiao:
        return said + ("零" if yuan else "") + integer(fen_left, "zh") + "分"
    return said + integer(jiao, "zh") + "毛" + integer(fen_left, "zh") + ("" if yuan else "分")


def _show_money(money: Money, language: Language) -> str:
    amount = plain(money.amount)
    digits = get_currency_precision(money.currency)
    if amount != round(amount, digits):  # babel would round: a price nobody set
        return f"{amount:f} {money.currency}"
    if language == "zh" and money.currency == "CNY":
        return f"{amount:.2f}元"
    return str(format_currency(amount, money.currency, locale=_LOCALE[language]))


# --- quantities ------------------------------------------------------------------------------


def _number(amount: Decimal, language: Language) -> str:
    return str(format_decimal(plain(amount), format="#,##0.############", locale=_LOCALE[language]))


def _say_quantity(amount: Decimal, unit: Unit, language: Language) -> str:
    amount = plain(amount)
    if language == "zh":
        if unit.shown == "%":
            return f"百分之{cardinal(amount, 'zh')}"
        return counted(amount) + unit.many
    words = cardinal(amount, language)
    if language == "fr" and unit.feminine and amount == int(amount):
        words = feminine(words)
    return f"{words} {unit.one if _single(amount, language) else unit.many}".strip()


def _show_quantity(amount: Decimal, unit: Unit, language: Language) -> str:
    number = _number(amount, language)
    shown = unit.shown or (unit.one if _single(plain(amount), language) else unit.many)
    if not shown:
        return number
    if language == "zh":
        return number + (f" {shown}" if shown[0].isascii() and shown[0].isalpha() else shown)
    if language == "en" and not shown[0].isalpha():
        return number + shown
    return f"{number} {shown}"


# --- moments ---------------------------------------------------------------------------------


def _say_moment(moment: Moment, language: Language) -> str:
    at = moment.at.astimezone(ZoneInfo(moment.zone))
    locale = _LOCALE[language]
    day = str(format_date(at, "EEEE", locale))
    month = str(format_date(at, "MMMM", locale))
    clock = _clock(at.hour, at.minute, language)
    if language == "en":
        return f"{day}, {month} {ordinal(at.day)}, {_year(at.year)}, at {clock}"
    if language == "fr":
        number = "premier" if at.day == 1 else integer(at.day, "fr")
        return f"{day} {number} {month} {integer(at.year, 'fr')} à {clock}"
    year = "".join(_DIGITS[int(digit)] for digit in str(at.year))
    return f"{year}年{integer(at.month, 'zh')}月{integer(at.day, 'zh')}日{day}{clock}"


_DIGITS = "零一二三四五六七八九"


def _year(year: int) -> str:
    """A year as one says it in English: "twenty twenty-nine", "two thousand and nine"."""
    century, rest = divmod(year, 100)
    if year // 10 % 100 == 0 or rest == 0:
        return integer(year, "en")
    return f"{integer(century, 'en')} {'oh ' if rest < 10 else ''}{integer(rest, 'en')}"


def _clock(hour: int, minute: int, language: Language) -> str:
    """The time of day as one says it, to the minute."""
    if language == "en":
        if minute == 0 and hour in (0, 12):
            return "noon" if hour else "midnight"
        part = "in the morning" if hour < 12 else "in the afternoon"
        if hour >= 18:
            part = "in the evening" if hour < 22 else "at night"
        minutes = "" if minute == 0 else " oh" if minute < 10 else ""
        spoken = integer(minute, "en") if minute else ""
        return " ".join(f"{integer(hour % 12 or 12, 'en')}{minutes} {spoken} {part}".split())
    if language == "fr":
        if hour in (0, 12):
            hours = "midi" if hour else "minuit"
        else:
            hours = f"{feminine(integer(hour, 'fr'))} heure{'' if hour == 1 else 's'}"
        return f"{hours} {feminine(integer(minute, 'fr'))}" if minute else hours
    part = ("凌晨", "上午", "中午", "下午", "晚上")[
        (hour >= 6) + (hour >= 12) + (hour >= 13) + (hour >= 18)
    ]
    spoken = f"{counted(Decimal(hour % 12 or 12))}点"
    if hour == 0:
        spoken = "零点"
    if not minute:
        return part + spoken
    return part + spoken + ("零" if minute < 10 else "") + integer(minute, "zh") + "分"


# --- words -----------------------------------------------------------------------------------

_INSIDE = re.compile(
    r"(?P<by>(?<=\d)\s*[x×*]\s*(?=\d))"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
    rf"(?:\s?(?P<unit>{'|'.join(map(re.escape, SYMBOLS))})(?![\w-]))?"
    r"|(?P<code>(?<![^\W\d_])[A-Z]{1,5}(?![^\W\d_]))"
    r"|(?P<sign>[&+/]|(?<=[A-Z0-9])-(?=[A-Z0-9]))"
)
_LONGEST_NUMBER = 12
"""Digits from which on a number is a code, said digit by digit."""
_SPELLED = frozenset(
    [
        "ABS",
        "BPA",
        "CE",
        "EU",
        "FSC",
        "GB",
        "GOTS",
        "GRS",
        "HD",
        "IP",
        "ISO",
        "LED",
        "PFAS",
        "UK",
        "US",
        "USB",
        "UV",
        "XS",
    ]
)
_SIGNS: dict[Language, dict[str, str]] = {
    "en": {"&": "and", "+": "plus", "/": "or", "x": "by", "-": " "},
    "fr": {"&": "et", "+": "plus", "/": "ou", "x": "sur", "-": " "},
    "zh": {"&": "和", "+": "加", "/": "或", "x": "乘", "-": ""},
}


def _say_words(text: str, language: Language) -> str:
    """A merchant's words for the ear: numbers in words, units named, codes spelled."""

    def put(found: re.Match[str]) -> str:
        if found["by"]:
            return f" {_SIGNS[language]['x']} "
        if found["sign"]:
            return f" {_SIGNS[language][found['sign']]} "
        if code := found["code"]:
            spelled = (
                code in _SPELLED
                or not set(code) & set("AEIOUY")
                or text[found.end() : found.end() + 1].isdigit()
            )
            return f" {' '.join(code)} " if spelled else code
        raw = found["number"]
        before = text[found.start() - 1 : found.start()]
        is_code = before == "-" or before.isalpha() or raw[0] == "0" or len(raw) > _LONGEST_NUMBER
        if len(raw) > 2 and raw.isdecimal() and is_code:
            return f" {' '.join(integer(int(digit), language) for digit in raw)} "
        if re.fullmatch(r"\d{1,3}(,\d{3})+", raw):
            raw = raw.replace(",", "")
        amount = Decimal(raw.replace(",", "."))
        if found["unit"]:
            return f" {_say_quantity(amount, unit_of(found['unit'], language), language)} "
        return f" {cardinal(amount, language)} "

    said = " ".join(_INSIDE.sub(put, text).split())
    said = re.sub(r"\s+([,.;:!?)])", r"\1", said)
    return re.sub(r"(?<=[一-鿿])\s+|\s+(?=[一-鿿])", "", said) if language == "zh" else said


def _listed(items: list[str], language: Language) -> str:
    """Items as a list that ends in "and"."""
    if len(items) < 2:
        return "".join(items)
    comma, last = {"en": (", ", " and "), "fr": (", ", " et "), "zh": ("、", "和")}[language]
    return comma.join(items[:-1]) + last + items[-1]
