"""What a refusal of the gate means to a shopkeeper: the class of the claim, and why, plainly."""

import re
from collections.abc import Mapping
from typing import Final

from agent.plaintext import fold
from agent.rules.case import read
from agent.rules.lexicon import patterns
from agent.rules.verdict import told_instead
from agent.types import Facts, Language, Refusal, Rung

CLASSES: Final[Mapping[str, str]] = {
    "price": "a price may only be the one in your catalog at that moment",
    "discount": "a discount needs an offer in your catalog, with its regular price and its dates",
    "was_price": "an earlier price needs the recorded price that it compares with",
    "stock_scarcity": "how many are left may only be the stock in your catalog at that moment",
    "urgency": "a deadline needs an offer in your catalog that ends then",
    "social_proof": "sales, ratings and what customers say need counted figures with their period",
    "origin": "where it is made must be in your catalog",
    "material": "what it is made of, or withstands, must be in your catalog",
    "certification": "a certificate, test or award needs its entry, with issuer, in your catalog",
    "warranty": "a guarantee or right of return must be in your catalog",
    "delivery": "when, where and for how much it is delivered must be in your catalog",
    "size": "a measure must be in your catalog",
    "absolute": "superlatives (best, most, number one) are not allowed without proof",
    "health": "nothing may be said to help against an illness or to act on the body",
    "guarantee": "a result cannot be promised",
    "disparage": "other sellers and brands are not run down",
    "human_experience": "the host is an AI: it eats, wears, feels and tries nothing",
    "deny_ai": "the host never says, or lets others think, that it is a person",
    "impersonate": "the host speaks for your shop and passes as nobody else",
    "unsafe_use": "a use that the product's care and safety notes do not allow",
    "hidden_ad": "this is selling, and the host may not deny it",
    "minors": "children are not asked to buy, or to ask their parents",
    "financial": "no promise of profit, and no advice on money",
    "green": "environmental claims need a certificate in your catalog",
    "echo": "what viewers claim is not repeated as true",
    "instructions": "this is an order to the host, not something to tell viewers",
    "bait": "viewers bait the host with such words: politics, harm, abuse",
    "own_forbidden": "your own list of forbidden words has it",
}
"""Why a line of each class is refused, for whoever wrote it."""
_FORM: Final[Mapping[str, str]] = {
    "empty": "there is nothing to say in it",
    "malformed_slot": "braces stand only around the name of a field: {price}, {material} and so on",
    "unknown_slot": "your catalog has nothing under that name in braces",
    "unspeakable_slot": "what your catalog has under that name cannot be put into this sentence",
    "number_outside_slot": "a number is said only where your catalog has the same number for the "
    "same thing",
    "strange_character": "it has a sign or a script that the host does not speak in this language",
    "opener": "it goes on from something that was not said",
    "stock": "whether it can be bought may only be what your catalog says at that moment",
    "offer": "there is no offer in your catalog that it could mean",
    "negation": "what it denies is not in your catalog",
    "unknown_words": "your catalog does not say this, and it is more than plain talk",
    "wrong_slot": "the sentence says something else of the fact than the fact is",
    "bent": "it says more, or less, than the fact",
    "mixed_facts": "it mixes two facts into a third that is none",
    "unbacked": "nothing in your catalog bears it out",
    "hanging": "it completes the sentence before it, and no fact does",
    "forms_differ": "what is spoken and what is shown differ",
    "notice_is_fixed": "the words of the AI notice are fixed",
    "broken_rule": "it could not be judged, and is refused to be safe",
}
NEVER_TRUE: Final = frozenset(
    {
        *("absolute", "bait", "deny_ai", "disparage", "echo", "financial", "guarantee", "health"),
        *("hidden_ad", "human_experience", "impersonate", "instructions", "minors"),
    }
)
"""Classes that no fact can make true."""
QUESTIONS: Final[Mapping[str, Mapping[Language, str]]] = {
    "price": {"en": "how much is it", "fr": "combien ça coûte", "zh": "多少钱"},
    "discount": {"en": "how much is it", "fr": "combien ça coûte", "zh": "多少钱"},
    "was_price": {"en": "how much is it", "fr": "combien ça coûte", "zh": "多少钱"},
    "stock_scarcity": {"en": "is it in stock", "fr": "c'est en stock ?", "zh": "有货吗"},
    "origin": {"en": "where is it made", "fr": "où est-ce fabriqué", "zh": "哪里产的"},
    "material": {"en": "what is it made of", "fr": "c'est en quelle matière", "zh": "什么材质"},
    "certification": {"en": "is it certified", "fr": "c'est certifié ?", "zh": "有认证吗"},
    "warranty": {"en": "what is the warranty", "fr": "quelle garantie", "zh": "保修多久"},
    "delivery": {"en": "how long is delivery", "fr": "la livraison prend combien", "zh": "多久到"},
    "unsafe_use": {"en": "how do I care for it", "fr": "comment l'entretenir", "zh": "怎么保养"},
}
"""What a viewer would ask of the matter of a class: finds the facts of it."""
_FILL_IN: Final[Mapping[str, str]] = {
    "price": "its price",
    "discount": "an offer: the lower price, the regular one, and when it ends",
    "was_price": "an offer with its regular price",
    "stock_scarcity": "how many there are (stock)",
    "urgency": "an offer with its end",
    "social_proof": "how many were sold in 30 days, or its rating and the number of reviews",
    "origin": "where it is made (origin)",
    "material": "its material; what it withstands goes among its points, as a sentence of yours",
    "certification": "its certificate, with issuer",
    "warranty": "its warranty in months and the days for returns",
    "delivery": "the days that delivery takes, its fee, and from what amount it is free",
    "size": "the measure: weight, height, width, length, diameter, capacity",
    "unsafe_use": "how to care for it (care)",
    "green": "its certificate, with issuer",
}
"""What of a product has to be in the catalog for a claim of each class to be sayable."""
_MEND: Final[Mapping[str, str]] = {
    "empty": "write a whole sentence",
    "malformed_slot": "close the braces, or take them out",
    "strange_character": "take that sign out",
    "opener": "begin with the fact itself",
    "echo": "take those words out and begin with the fact itself",
    "hanging": "put the fact into this sentence",
    "negation": "say what it is, not what it is not; or write the sentence among its points",
    "bent": "say the number as it is",
    "mixed_facts": "say each fact in a sentence of its own, in the words of your catalog",
    "unbacked": "put a fact of the product into it, or leave it out",
    "wrong_slot": "say with the fact what it is: its weight, its price, its delivery",
    "bait": "leave the line out",
    "own_forbidden": "use other words, or change your list",
}
"""What mends a line that was refused for its form."""
_WRITE_IT: Final = (
    "write the whole sentence among its points in your catalog (point_1, point_2 and so on), where "
    "the host says it as it stands; or leave it out"
)
NO_CLASS: Final = "unproven"
"""The class of what claims something that nothing bears out, and that is of no named class."""
_NUMBERED: Final[Mapping[str, str]] = {
    "stock_scarcity": r"\b(?:left|remaining|in stock|pieces|plus que|reste\w*|exemplaires?|"
    r"pieces?|en stock|dispo\w*)\b|只剩|还剩|剩下|库存|最后",
    "social_proof": r"\b(?:sold|bought|buyers?|customers?|reviews?|stars?|orders?|people|fans|"
    r"vendu\w*|achete\w*|clients?|clientes?|avis|etoiles?|commandes?|personnes)\b|卖出|已售|售出|销量|"
    r"好评|评价|五星|人买|人下单|回购|件了|万人",
    "discount": r"%|\bpercent\b|\boff\b|\bpour ?cent\b|\bremise\b|\breduction\b|折|减|立减",
    "delivery": r"\b(?:deliver\w*|ship\w*|arriv\w*|livr\w*|expedi\w*)\b|发货|送达|快递|到货",
    "price": r"[$€£¥]|\b(?:dollars?|euros?|pounds?|bucks|cents?|usd|eur|costs?|price|prix|coute\w*)"
    r"\b|元|块|价",
    "warranty": r"\b(?:warranty|guarantee\w*|returns?|refund\w*|garanti\w*|retours?)\b|"
    r"\brembourse|保修|质保|退",
    "urgency": r"\b(?:minutes?|hours?|today|tonight|ends?|last chance|heures?|aujourd'hui|ce soir|"
    r"termine)\b|分钟|小时|今天|今晚|倒计时",
    "size": r"\b(?:cm|mm|metres?|meters?|inch\w*|kg|kilos?|grams?|grammes?|litres?|liters?|ml|"
    r"watts?|volts?)\b|厘米|毫米|公斤|克|升|寸",
}
"""Of what a number is that stands there without a fact: the first that fits."""
_NEAR: Final = {name: re.compile(text) for name, text in _NUMBERED.items()}


def of_rule(rule: str) -> str | None:
    """What *rule* objects to, in plain words; None for one that is not known."""
    return CLASSES.get(rule) or _FORM.get(rule)


def class_of(refusal: Refusal, language: Language) -> str:
    """What kind of claim was refused, whichever rule was the first to object."""
    text = fold(str(refusal.sentence))
    if refusal.rule == "price" and _NEAR["delivery"].search(text):
        return "delivery"
    if refusal.rule in CLASSES:
        return refusal.rule
    if refusal.rule == "number_outside_slot":
        near = next((name for name, words in _NEAR.items() if words.search(text)), None)
        if near is not None:
            return near
    listed = patterns("claims", language)
    found = next((name for name, words in listed.items() if words.search(text)), None)
    if found is not None:
        return found
    of_stock = {"stock": "stock_scarcity", "offer": "discount"}
    return of_stock.get(refusal.rule, NO_CLASS)


def why(refusal: Refusal, about: str) -> str:
    """The reason in the merchant's words, *about* being the class; and what of the line it is."""
    plain = CLASSES.get(about) or _FORM.get(refusal.rule, "nothing in your catalog bears it out")
    quoted = re.search(r"(['\"])(.+?)\1", refusal.reason)
    whole = quoted and re.search(
        rf"(?<![0-9a-z]){re.escape(quoted[2])}(?![0-9a-z])", fold(str(refusal.sentence))
    )
    at = f"“{quoted[2]}”: " if quoted and whole else ""
    if refusal.rule == "own_forbidden":
        return refusal.reason
    if refusal.rule == "unknown_words" and about == NO_CLASS:
        words = refusal.reason.partition(": ")[2].split(", ")
        return f"{plain} ({', '.join(_as_written(word, refusal.sentence) for word in words)})"
    if refusal.rule == "unknown_slot":
        slot = re.search(r"\{.*\}", refusal.reason)
        return f"{_FORM[refusal.rule]}{f': {slot.group()}' if slot else ''}"
    if refusal.rule == "strange_character":
        sign = refusal.reason.removeprefix("the character ")
        return f"{_FORM[refusal.rule]}: {sign.lower()}"
    return f"{at}{plain}"


def _as_written(stem: str, sentence: str) -> str:
    """The word of *sentence* that a rule calls by its *stem*."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", sentence)
    return next((word for word in words if fold(word).startswith(stem)), stem)


def told(refusal: Refusal, about: str, facts: Facts, language: Language) -> str | None:
    """What the host would say of the matter in its place, from facts; None where none speaks of
    it."""
    if about in NEVER_TRUE or about == "social_proof":
        return None
    if refusal.instead is not None:
        return refusal.instead.written
    case = read(refusal.sentence, facts, language, Rung.OPERATOR)
    utterance = told_instead(case, about, facts)
    return utterance.written if utterance else None


def remedy(refusal: Refusal, about: str, facts: Facts, *, named: bool) -> str:
    """What the shopkeeper can do about it; *named*: the product was."""
    if refusal.rule == "unknown_slot" and facts.slots():
        return f"known here: {', '.join(f'{{{name}}}' for name in facts.slots())}"
    if refusal.rule in _MEND and about not in _FILL_IN:
        return _MEND[refusal.rule]
    if about in NEVER_TRUE:
        return "no fact can make such a line true; leave it out"
    if not named:
        return "no product is known here: name it with --sku"
    if about in _FILL_IN:
        return f"your catalog has no fact on it; fill in {_FILL_IN[about]}, or leave the line out"
    return _WRITE_IT
