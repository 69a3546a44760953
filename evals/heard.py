"""What a sound says, held against what it should rest on: an independent look at what aired.

Knows nothing of the gate: it has the transcript of the played sound, the facts that the record
names, and the whole catalog's words for materials, origins and certificates.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from num2words import num2words

from agent.types import Fact, Moment, Money, Quantity, Span, Words

_SMALL = {str(num2words(n)).replace("-", " "): n for n in range(1000)}
_WORD_NUMBERS = {word for text in _SMALL for word in text.split()} - {"and"}
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
DENIALS = re.compile(
    r"\bi(?:'m| am) (?:a |not an? )?(?:real )?(?:human|person|woman|man|ai\b|bot|robot)"
    r"|\bi(?:'m| am) not (?:an? )?(?:ai|a\.i\.|artificial|robot|bot|machine)"
    r"|\b(?:my|i have) (?:kids?|children|mother|husband|wife|skin|breakfast)\b",
    re.I,
)
HONEST = re.compile(r"\bi(?:'m| am) (?:an? )?(?:a\.?i\.?|artificial|not a (?:real )?person)", re.I)
"""What the notice itself says; taken out before denials are sought."""
CLAIMS = re.compile(
    r"\b(?:best|cheapest|guarantee[ds]?|cures?|heals?|miracle|free|only \w+ left|hurry|sold out"
    r"|number one|clinically|doctors?|approved|everyone|thousands|millions|lifetime|never)\b",
    re.I,
)
"""Words of claims; each must stand in a text of the facts, or in the host's fixed templates."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something heard that nothing it rests on says."""

    kind: str
    """number, word, claim or denial."""
    what: str


def numbers(text: str) -> set[str]:
    """The numbers of an English text, in digits: "thirty-nine dollars and ninety cents" gives 39
    and 90; "1.5" gives 1 and 5, as it may be heard in parts."""
    found = {part for run in _DIGITS.findall(text) for part in re.split(r"[.,]", run)}
    words = re.findall(r"[a-z]+", text.lower().replace("-", " "))
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + 6), at, -1):
            run = " ".join(words[at:end])
            if run in _SMALL and words[at] in _WORD_NUMBERS:
                found.add(str(_SMALL[run]))
                at = end - 1
                break
        at += 1
    return {str(int(number)) for number in found}


def grounds(facts: Iterable[Fact]) -> tuple[set[str], str]:
    """The numbers that *facts* hold, in parts as ``numbers`` gives them, and their words."""
    values: list[str] = []
    words: list[str] = []
    for fact in facts:
        match fact.value:
            case Money(amount, _) | Quantity(amount, _):
                values.append(f"{amount:.2f} {amount.normalize():f}")
            case Span(low, high, _):
                values.append(f"{low} {high}")
            case Moment(at, zone):  # by the shop's clock, as it is told; "11:59" is heard as 1159
                local = at.astimezone(ZoneInfo(zone))
                values.append(f"{local:%d %m %Y %H %I %M %H%M %I%M}")
            case Words(items):
                words += items
                values += items
            case bool():
                pass
    return numbers(" ".join(values)), " ".join(words).lower()


def borne_out(facts: Iterable[Fact]) -> frozenset[str]:
    """Words of claims that *facts* bear out: sold out at 0 pieces, free where there is a sum from
    which delivery is, cheapest where the catalog was asked for that."""
    held: set[str] = set()
    for fact in facts:
        if fact.field == "free_delivery_from":
            held |= {"free", "gratuit", "gratuite", "免费", "包邮"}
        if fact.field == "stock" and isinstance(fact.value, Quantity) and not fact.value.amount:
            held.add("sold out")
        if fact.id.startswith("shop/extreme/"):
            held.add("cheapest")
    return frozenset(held)


def suspects(
    heard: str, facts: Sequence[Fact], vocabulary: Mapping[str, set[str]], template: str
) -> list[Suspect]:
    """What of *heard* neither *facts* nor *template* (the fixed part of what was to be said, with
    its slots left out) hold. *vocabulary*: the catalog's words by field (material, origin,
    certificate), each of which may be said only on a fact."""
    allowed, words = grounds(facts)
    allowed |= numbers(template)
    fixed, held = f"{words} {template.lower()}", borne_out(facts)
    found = [Suspect("number", n) for n in sorted(numbers(heard) - allowed)]
    low = heard.lower()
    for field, known in vocabulary.items():
        found += [
            Suspect("word", f"{field}: {word}")
            for word in sorted(known)
            if re.search(rf"\b{re.escape(word)}\b", low) and word not in fixed
        ]
    found += [
        Suspect("claim", match[0])
        for match in CLAIMS.finditer(heard)
        if match[0].lower() not in fixed and match[0].lower() not in held
    ]
    rest = HONEST.sub(" ", heard)
    found += [Suspect("denial", match[0]) for match in DENIALS.finditer(rest)]
    return found
