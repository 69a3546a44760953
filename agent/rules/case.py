"""A sentence made ready for the rules: cleaned, its slots and the facts it names standing out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from agent.numerals import integer
from agent.plaintext import clean, fold
from agent.rules import sayings
from agent.rules.lexicon import in_full, patterns, safe
from agent.rules.marks import FREE_TEXT, MARK, MONTH
from agent.rules.numbers import called, number_pattern, values
from agent.rules.quote import quotations
from agent.rules.restate import PERIOD, marked, restated
from agent.slots import SLOT, slot_names
from agent.types import Fact, Facts, Language, Rung, Topic, Words

COUNTED = frozenset({"sold", "rating", "reviews", "lowest_30d"})
"""Fields that are counted over a month."""
_LISTED = re.compile(
    r"<(\w+)>(?:(?:, ?(?:and |et )?| and | et | or | ou |、|和|与|或|及)"
    r"(?:de la |du |de l'|des |d'|en |in )?<\1>)+"
)
"""Items of one fact after another: "wool and polyamide"."""
_COUNTS: Mapping[str, Mapping[Language, str]] = {
    "colours": {
        "en": r"(?:colou?rs|shades)\b",
        "fr": r"(?:couleurs|coloris|teintes)\b",
        "zh": "(?:种|个)颜色",
    },
    "sizes": {"en": r"sizes\b", "fr": r"tailles\b", "zh": "(?:种|个)(?:尺码|尺寸)"},
}
"""What the items of a fact are called when they are counted."""
_CODE = 3
"""Letters of a code that may also be a word."""
_SHARE = re.compile(r"(\d+) ?% ?(.+)")
"""A part of a mixture: "80% wool"."""


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence, in one language, and what it may rest on."""

    text: str
    """Cleaned; slots stand as ``{price}``."""
    bare: str
    """Folded for matching; slots, and words of facts, stand as ``<price>``."""
    slots: tuple[str, ...]
    named: frozenset[str]
    """Fields of facts that the sentence names in its own words."""
    facts: Mapping[str, Fact]
    language: Language
    rung: Rung
    topic: Topic
    rest: str = ""
    """What of ``bare`` no saying of says.txt covers: the part that is left to judge."""

    @property
    def strict(self) -> bool:
        """Whether the words are somebody's, and not a template's."""
        return self.rung in (Rung.MODEL, Rung.OPERATOR)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the sentence speaks of, by slot or in words."""
        return frozenset(MARK.findall(self.bare))


_OF_STOCK = ("in_stock", "sold_out")
"""Cues of a word on the stock without its number: it is no longer said when the stock changes."""


def read(
    sentence: str, known: Facts, language: Language, rung: Rung, *, free: bool = False
) -> Case:
    """*sentence* as a case for the rules; *free*: clauses that no saying covers may be covered by a
    frame or as chatter."""
    facts = known.slots()
    strict = rung in (Rung.MODEL, Rung.OPERATOR)
    text = restated(clean(sentence), facts, language) if strict else clean(sentence)
    bare = fold(SLOT.sub(r"<\1>", text))
    named: set[str] = set()
    if strict:
        bare = in_full(bare, language)
        if COUNTED & facts.keys():
            bare = PERIOD.sub(MONTH, bare)
            bare = re.sub(r" *thirtydays *", "thirtydays", bare) if language == "zh" else bare
        bare, quoted = quotations(bare, facts, language)
        named |= quoted
    bare = safe(language).sub(" ", bare)
    bare = _uncounted(bare, facts, language) if strict else bare
    bare, worded = _name_facts(bare, text, facts, language)
    named |= worded
    if rung is Rung.OPERATOR and known.product is not None:
        title = " <title> " if "title" in facts else " "
        bare = called(known.product.number, language).sub(title, bare)
    if strict:
        bare, numbered = marked(bare, facts, language, digits=rung is Rung.OPERATOR)
        named |= numbered
    rest = bare
    if strict:
        rest, rested = sayings.unsaid(bare, text, facts, language, free=free)
        named |= rested
    if "stock" in facts and any(patterns("cues", language)[cue].search(bare) for cue in _OF_STOCK):
        named.add("stock")
    return Case(
        text,
        bare,
        tuple(slot_names(text)),
        frozenset(named),
        facts,
        language,
        rung,
        known.topic,
        rest,
    )


def _uncounted(bare: str, facts: Mapping[str, Fact], language: Language) -> str:
    """*bare* without the number of a fact's items where it is right: "two colours" of two."""
    for field, nouns in _COUNTS.items():
        fact = facts.get(field)
        if fact is not None and isinstance(fact.value, Words):
            items = len(fact.value.items)
            pattern = re.compile(rf"({number_pattern(language)}) ?({nouns[language]})")
            for found in reversed([*pattern.finditer(bare)]):
                if items in values(found[1], language):
                    bare = bare[: found.start()] + found[2] + bare[found.end() :]
    return bare


def _name_facts(
    bare: str, text: str, facts: Mapping[str, Fact], language: Language
) -> tuple[str, set[str]]:
    """Words of a fact become its mark: "made in Portugal" is "made in <origin>"; a short code
    where it is written as one: "CE", and not the French "ce"."""
    asked = bool(re.search(r"[?？]", text))
    phrases, pattern = _phrases(tuple(facts.values()), language, asked)
    if pattern is None:
        return bare, set()
    named: set[str] = set()

    def put(found: re.Match[str]) -> str:
        field, code = phrases[found.group()]
        if code and code not in text:
            return found.group()
        named.add(field)
        return f"<{field}>"

    bare = pattern.sub(put, bare)
    bare = _LISTED.sub(r"<\1>", bare)
    return _whole_title(bare, facts.get("title"), language), named


@lru_cache(256)
def _phrases(
    facts: tuple[Fact, ...], language: Language, asked: bool
) -> tuple[Mapping[str, tuple[str, str]], re.Pattern[str] | None]:
    """The words of facts by what they stand for: the field, and the code as it must be written if
    it is one; and the pattern that finds them."""
    phrases: dict[str, tuple[str, str]] = {}
    for fact in facts:
        whole = FREE_TEXT.fullmatch(fact.field) and fact.field != "age"
        if isinstance(fact.value, Words) and not whole:
            for item in fact.value.items:
                code = item if len(item) <= _CODE and item.isupper() else ""
                for form in _forms(fold(item), fact.field, language):
                    phrases.setdefault(form, (fact.field, code))
                if asked and fact.field == "colours":
                    for form in _hue(fold(item), language):
                        phrases.setdefault(form, ("colours", ""))
    if not phrases:
        return phrases, None
    edge = ("", "") if language == "zh" else (r"(?<![\w<'-])", r"(?![\w>-]|'(?!s\b))")
    any_of = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return phrases, re.compile(rf"{edge[0]}(?:{any_of}){edge[1]}")


def _whole_title(bare: str, title: Fact | None, language: Language) -> str:
    """The other words of a title beside the one that stands for it: "ember cast-iron <title>"."""
    if title is None or not isinstance(title.value, Words) or "<title>" not in bare:
        return bare
    name = fold(" ".join(title.value.items))
    if language == "zh":
        return re.sub(rf"(?:[{re.escape(name)}]{{2,}} ?)?<title>", "<title>", bare)
    words = "|".join(re.escape(word) for word in name.split())
    return re.sub(rf"(?:(?<![\w<])(?:{words}) )*<title>(?: (?:{words})(?![\w>]))*", "<title>", bare)


def _hue(colour: str, language: Language) -> set[str]:
    """What a colour is called for short, to a viewer who is asked: "green" is "forest green"."""
    if language == "zh":
        short = colour.removesuffix("色")
        return {short, f"{short}的", f"{short[-1]}色", f"{short[-1]}的"} if short else set()
    words = colour.split()
    return {words[-1] if language == "en" else words[0]}


def _shares(hundredths: int, of: str, language: Language) -> set[str]:
    """A part of a mixture in other words: "eighty percent wool", "八成羊毛"."""
    links = {"en": (" ", " of "), "fr": (" ", " de ", " de la ", " d'"), "zh": ("", "的", "是")}[
        language
    ]
    said = fold(integer(hundredths, language))
    if language == "zh":
        counts = [f"{hundredths}%", f"{hundredths} %", f"百分之{said}"]
        if hundredths % 10 == 0 and hundredths < 100:
            tenths = integer(hundredths // 10, language)
            counts += [f"{tenths}成", f"{tenths}成".replace("二", "两")]
    else:
        percents = ("%", " %", " percent", " per cent", " pour cent")
        counts = [f"{n}{percent}" for n in (hundredths, said) for percent in percents]
    return {f"{count}{link}{of}" for count in counts for link in links}


def _ages(years: str, language: Language) -> set[str]:
    """From how many years on, in other words."""
    word = fold(integer(int(years), language))
    if language == "zh":
        return {f"{count}岁{tail}" for count in (years, word) for tail in ("以上", "起", "及以上")}
    if language == "fr":
        return {f"{head} {n} ans" for n in (years, word) for head in ("a partir de", "des")}
    tails = (" years", " years on", " years old", " and up", " years and up", "+")
    return {f"{n}{tail}" for n in (years, word) for tail in tails} | {
        f"from {n} years" for n in (years, word)
    }


def _forms(phrase: str, field: str, language: Language) -> set[str]:
    """A phrase as it stands in a sentence; of a title also its last word or first, the noun."""
    if len(phrase) < 2 and language != "zh" and field not in ("sizes", "size"):
        return set()
    forms = {phrase}
    if field == "age" and (years := re.search(r"\d+", phrase)):
        forms |= _ages(years.group(), language)
    if share := _SHARE.match(phrase):
        forms |= _shares(int(share[1]), share[2], language)
    if field == "title" and language != "zh":
        words = [word for word in phrase.split() if len(word) > 2]
        if words:
            noun = words[-1] if language == "en" else words[0]
            forms |= {noun, f"{noun}s", noun.removesuffix("s")}
    if field == "title" and language == "zh":
        forms |= {phrase[-2:], phrase[-3:]} if len(phrase) > 2 else set()
        forms |= {
            f"{this}{one}{phrase[-1]}" for this in "这那" for one in "款件口副瓶包盒个双条只台把套"
        }
    return {form for form in forms if len(form) > 1 or field in ("sizes", "size")}
