"""What units are called, by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from agent.plaintext import fold
from agent.types import Language


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in one language."""

    one: str
    many: str
    shown: str = ""
    """For the eye; empty: its name."""
    feminine: bool = False
    """In French."""


# symbol: shown, English one/many, French one/many, Chinese; a French name with "*" is feminine
_TABLE = """
g: g, gram, grams, gramme, grammes, 克
kg: kg, kilogram, kilograms, kilogramme, kilogrammes, 千克
mg: mg, milligram, milligrams, milligramme, milligrammes, 毫克
oz: oz, ounce, ounces, once*, onces*, 盎司
lb: lb, pound, pounds, livre*, livres*, 磅
mm: mm, millimetre, millimetres, millimètre, millimètres, 毫米
cm: cm, centimetre, centimetres, centimètre, centimètres, 厘米
m: m, metre, metres, mètre, mètres, 米
km: km, kilometre, kilometres, kilomètre, kilomètres, 公里
in: in, inch, inches, pouce, pouces, 英寸
ft: ft, foot, feet, pied, pieds, 英尺
m2: m², square metre, square metres, mètre carré, mètres carrés, 平方米
ml: ml, millilitre, millilitres, millilitre, millilitres, 毫升
cl: cl, centilitre, centilitres, centilitre, centilitres, 厘升
L: L, litre, litres, litre, litres, 升
W: W, watt, watts, watt, watts, 瓦
kW: kW, kilowatt, kilowatts, kilowatt, kilowatts, 千瓦
V: V, volt, volts, volt, volts, 伏
A: A, ampere, amperes, ampère, ampères, 安
Hz: Hz, hertz, hertz, hertz, hertz, 赫兹
Wh: Wh, watt hour, watt hours, wattheure, wattheures, 瓦时
mAh: mAh, milliamp hour, milliamp hours, milliampère-heure, milliampères-heures, 毫安时
lm: lm, lumen, lumens, lumen, lumens, 流明
K: K, kelvin, kelvins, kelvin, kelvins, 开尔文
dB: dB, decibel, decibels, décibel, décibels, 分贝
bar: bar, bar, bar, bar, bars, 巴
ATM: ATM, atmosphere, atmospheres, atmosphère*, atmosphères*, 个大气压
GB: GB, gigabyte, gigabytes, gigaoctet, gigaoctets, 吉字节
°C: °C, degree Celsius, degrees Celsius, degré Celsius, degrés Celsius, 摄氏度
°: °, degree, degrees, degré, degrés, 度
%: %, percent, percent, pour cent, pour cent, %
s: , second, seconds, seconde*, secondes*, 秒
min: , minute, minutes, minute*, minutes*, 分钟
hour: , hour, hours, heure*, heures*, 小时
day: , day, days, jour, jours, 天
week: , week, weeks, semaine*, semaines*, 周
month: , month, months, mois, mois, 个月
year: , year, years, an, ans, 年
piece: , piece, pieces, pièce*, pièces*, 件
person: , person, people, personne*, personnes*, 人
"""

_ALIASES = {
    "l": "L",
    "mL": "ml",
    "cL": "cl",
    "h": "hour",
    "hours": "hour",
    "d": "day",
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
    "minutes": "min",
    "inch": "in",
    "m²": "m2",
    "atm": "ATM",
    "pcs": "piece",
    "pieces": "piece",
    "w": "W",
}


def _read() -> dict[str, tuple[str, list[str]]]:
    table = {}
    for line in _TABLE.strip().splitlines():
        symbol, _, rest = line.partition(":")
        shown, *names = [part.strip() for part in rest.split(",")]
        table[symbol] = (shown, names)
    return table


_UNITS = _read()
SYMBOLS = sorted((*_UNITS, *_ALIASES), key=len, reverse=True)
"""What a unit may be written as, the longest first."""


def unit_of(symbol: str, language: Language) -> Unit:
    """The unit with *symbol*; one that nobody knows is called as it is written."""
    entry = _UNITS.get(_ALIASES.get(symbol, symbol))
    if entry is None:
        return Unit(symbol, symbol)
    shown, names = entry
    one, many = {"en": names[0:2], "fr": names[2:4], "zh": [names[4]] * 2}[language]
    return Unit(one.rstrip("*"), many.rstrip("*"), shown, one.endswith("*"))


@cache
def names_of(language: Language) -> Mapping[str, str]:
    """Symbols by every way to write them in folded text of *language*."""
    found: dict[str, str] = {}
    for symbol in _UNITS:
        unit = unit_of(symbol, language)
        for name in (unit.one, unit.many, unit.shown, symbol):
            if name:
                found.setdefault(fold(name), symbol)
    return found
