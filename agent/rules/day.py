"""The end of an offer as one says it: "Sunday at eight", "dimanche soir", "周日晚上八点"."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from agent.numerals import integer
from agent.plaintext import fold
from agent.types import Fact, Language, Moment

_DAYS: dict[Language, tuple[tuple[str, ...], ...]] = {
    "en": tuple(
        (f"{day}day",) for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
    ),
    "fr": tuple(
        (day,) for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    ),
    "zh": tuple(
        tuple(f"{week}{day}" for week in ("周", "星期", "礼拜") for day in days)
        for days in ("一", "二", "三", "四", "五", "六", "日天")
    ),
}
_PARTS: dict[Language, tuple[str, str, str]] = {
    "en": ("morning", "afternoon", "evening|night"),
    "fr": ("matin", "apres-midi", "soir"),
    "zh": ("早上|上午", "下午", "晚上|晚"),
}
"""Before noon, before six, and later."""
_HOURS: dict[Language, str] = {
    "en": r"(?: at|,)? (?:{hours})(?: ?(?:o'clock|[ap]m|[ap]\.m\.|in the (?:{part})))?"
    r"|(?: at)? {hour}:00",
    "fr": r" a (?:{hours}) ?(?:heures?|h)(?! ?\d|\w)",
    "zh": r"(?:{hours})点(?:钟|整)?(?![\d一二三四五半])|{hour}[:：]00",
}
"""A full hour; whatever was said, what airs is the hour of the fact."""
_NAMED: dict[Language, str] = {
    "en": r"\b(?:this )?(?:{day})(?: (?:{part}))?(?:{hour})?(?! (?:at|week)\b)(?!\w)",
    "fr": r"\b(?:ce )?(?:{day})(?: (?:{part}))?(?:{hour})?(?! (?:a|prochain)\b)(?!\w)",
    "zh": r"这?(?:{day})(?:{part})?(?:{hour})?(?![一二三四五六七八九十\d])",
}
_WEEK = timedelta(days=7)


def spoken_ends(bare: str, ends: Fact | None, language: Language) -> list[tuple[int, int]]:
    """Where *bare*, folded text, names the day of *ends*, with its hour if one is named. A weekday
    is the next of that name: it says nothing of an offer that ends in more than a week, or has."""
    if ends is None or not isinstance(ends.value, Moment):
        return []
    at = ends.value.at.astimezone(ZoneInfo(ends.value.zone))
    if not timedelta() <= at - datetime.now(at.tzinfo) < _WEEK:
        return []
    return [found.span() for found in _named(at, language).finditer(bare)]


@lru_cache(64)
def _named(at: datetime, language: Language) -> re.Pattern[str]:
    day = "|".join(map(re.escape, _DAYS[language][at.weekday()]))
    part = _PARTS[language][0 if at.hour < 12 else 1 if at.hour < 18 else 2]
    hours = {f"{at.hour}", f"{at.hour % 12 or 12}"}
    hours |= {fold(integer(int(hour), language)) for hour in hours}
    of_day = "|".join(sorted(hours, key=len, reverse=True))
    hour = (
        _HOURS[language].format(hours=of_day, part=part, hour=at.hour) if not at.minute else "(?!)"
    )
    return re.compile(_NAMED[language].format(day=day, part=part, hour=hour))
