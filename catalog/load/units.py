"""Units as shops write them, and what they are in the units that the host says."""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

_SAME = """
mg: mg milligram milligrams milligramme milligrammes milligramm 毫克 MGM
g: g gr grs gram grams gramme grammes gramm gramo gramos 克 GRM
kg: kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm kilogramo 千克 公斤 KGM
mm: mm millimetre millimetres millimeter millimeters millimètre millimètres milímetro 毫米 MMT
cm: cm centimetre centimetres centimeter centimeters centimètre centimètres centímetro 厘米 公分 CMT
m: m metre metres meter meters mètre mètres metro metros 米 MTR
km: km kilometre kilometres kilometer kilometers 公里 KMT KTM
m2: m2 m² sqm qm 平方米 MTK
ml: ml millilitre millilitres milliliter milliliters mililitro 毫升 MLT
cl: cl centilitre centilitres centiliter centiliters 厘升 CLT
L: l lt litre litres liter liters litro litros 升 LTR
W: w watt watts 瓦 WTT
kW: kw kilowatt kilowatts 千瓦 KWT
V: v volt volts 伏 VLT
A: a amp amps ampere amperes ampère AMP
Hz: hz hertz 赫兹 HTZ
Wh: wh WHR
mAh: mah 毫安时
lm: lm lumen lumens 流明 LUM
dB: db decibel decibels 分贝 2N
bar: bar bars BAR
GB: gb go gigabyte gigabytes E34
°C: °c ℃ celsius CEL
h: h hr hrs hour hours heure heures stunde stunden hora horas 小时 HUR
min: min mins minute minutes minuten minuto minutos 分钟 MIN
s: s sec second seconds seconde secondes 秒 SEC
day: d day days jour jours tag tage día días 天 DAY
week: week weeks semaine semaines woche wochen 周 WEE
month: month months mois monat monate mes meses 个月 MON
year: year years an ans année années jahr jahre año años 年 ANN
%: % percent P1
piece: pc pcs piece pieces pièce pièces stück pieza piezas 件 个 EA C62 H87
"""
"""The host's own units, by every way that shops write them. Capitals are UN/CEFACT codes
(Recommendation 20), as schema.org's unitCode has them."""

_OTHER = """
oz: g 28.349523125: oz ounce ounces once onces unze unzen onza onzas 盎司 ONZ
lb: kg 0.45359237: lb lbs pound pounds livre livres pfund libra libras 磅 LBR
in: cm 2.54: in inch inches " ″ ” '' pouce pouces zoll pulgada pulgadas 英寸 INH
ft: m 0.3048: ft foot feet ' ′ ’ pied pieds fuß pie pies 英尺 FOT
yd: m 0.9144: yd yds yard yards YRD
µg: mg 0.001: µg μg mcg microgram micrograms MC
t: kg 1000: t tonne tonnes TNE
dm: cm 10: dm decimetre decimeter DMT
dl: ml 100: dl decilitre deciliter DLT
fl oz: ml 29.5735295625: floz fl.oz fl.oz. fluidounce fluidounces OZA
US pint: ml 473.176473: pt pint pints PTL
US quart: L 0.946352946: qt quart quarts QTL
US gallon: L 3.785411784: gal gallon gallons GLL
TB: GB 1000: tb to terabyte terabytes E35
"""
"""Others: their name, what they are in one of the host's units (exactly), and how they are written.
Pints, gallons and fluid ounces are those of the United States."""

_MEASURE = re.compile(
    r"([+-]?\d[\d.,\s'’]*?)\s*([^\d\s.,+-][^\d]*|m2|[\"″”'′’]{1,2}|2N|C62|H87|P1|E3[45])?"
)


class Unit(NamedTuple):
    """What a unit is in one of the host's."""

    unit: str
    factor: Decimal
    name: str
    """As its column is noted, where it is converted: "lb"."""


class Measure(NamedTuple):
    """An amount in a unit of the host's."""

    amount: Decimal
    unit: str
    was: str = ""
    """The unit it was converted from; it is rounded then."""


@cache
def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {"": Unit("", Decimal(1), "")}
    for line in _SAME.strip().splitlines():
        unit, _, names = line.partition(": ")
        found |= {name: Unit(unit, Decimal(1), "") for name in names.split()}
    for line in _OTHER.strip().splitlines():
        name, meant, names = line.split(": ")
        unit, factor = meant.split()
        found |= {written: Unit(unit, Decimal(factor), name) for written in names.split()}
    return found


def unit_named(written: str) -> Unit | None:
    """The unit *written* so ("lbs", "Grams", "KGM"), None where nobody knows it."""
    units = _units()
    text = written.strip()
    found = units.get(text)  # codes are capitals, and "C62" is not "c62"
    if found is None:
        text = re.sub(r"\s+", "", text.casefold())
        found = units.get(text) or units.get(text.rstrip("."))
    return found


def split(cell: str) -> tuple[str, str] | None:
    """ "1.2 kg" as number and unit, both as they are written; None where it is neither."""
    found = _MEASURE.fullmatch(cell.strip())
    return (found[1].strip(), (found[2] or "").strip()) if found else None


def measure(amount: Decimal, unit: Unit) -> Measure:
    """*amount* of *unit* in the host's units: what is converted is rounded to three digits, or to
    as many as it had; below a kilogram it is grams, below a metre centimetres."""
    if not unit.name:
        return Measure(amount, unit.unit)
    exact, symbol = amount * unit.factor, unit.unit
    if symbol in _SMALLER and abs(exact) < 1:
        symbol, times = _SMALLER[symbol]
        exact *= times
    digits = max(3, len(amount.normalize().as_tuple().digits))
    rounded = round_to(exact, digits)
    return Measure(rounded, symbol, unit.name)


_SMALLER = {"kg": ("g", 1000), "m": ("cm", 100), "L": ("ml", 1000)}


def round_to(value: Decimal, digits: int) -> Decimal:
    """*value* to so many significant digits, but to a ten-thousandth at the least."""
    if not value:
        return Decimal(0)
    last = max(value.adjusted() - digits + 1, -4)
    shorter = value.quantize(Decimal(1).scaleb(last)) if last <= 0 else value.quantize(Decimal(1))
    return plainly(shorter)


def plainly(value: Decimal) -> Decimal:
    """Without zeros at the end, and never as 1E+3."""
    shorter = value.normalize()
    exponent = shorter.as_tuple().exponent
    return shorter.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else shorter
