"""Whether the host could ever say an answer that the staff give: judged when it is given, so that
nobody waits for words that the gate will hold back on the air."""

import re
from collections.abc import Sequence

from agent.plaintext import fold
from agent.rules import vet
from agent.rules.lexicon import patterns
from agent.types import (
    Fact,
    Facts,
    Language,
    Line,
    Product,
    Refusal,
    Rung,
    Sentence,
    Topic,
    Words,
)

LONGEST = 300
"""Characters: a longer answer is no sentence for the ear."""
_ELSEWHERE = {
    "certification": "load the certificate, with its issuer and its document",
    "discount": "set an offer: the host says it with its end",
    "was_price": "set an offer: the host says it with the regular price",
    "stock_scarcity": "set the stock: the host says how many are left",
}
"""Claims that change, or need evidence: they come from their own rows, not from an answer."""
_MONEY = re.compile(
    r"[$€£¥₩]|\b(?:eur|usd|gbp|cny|jpy|cad|aud|chf)\b|\b(?:dollars?|euros?|pounds?|cents?|yuan|yen)\b"
    r"|[\d一二三四五六七八九十百千]\s*(?:元|块|美元|欧元|日元)",
    re.I,
)


def objection(
    answer: str, language: Language, product: Product | None, known: Sequence[Fact]
) -> str | None:
    """Why *answer*, about *product* (None: the shop) of which *known* holds, will not be said;
    None: it will. With the remedy where there is one."""
    text = answer.strip()
    if len(text) > LONGEST:
        return f"it has {len(text)} characters; at most {LONGEST}, or the host speaks too long"
    if found := set("<>{}") & set(text):
        return f"it has {' '.join(sorted(found))} in it; write plain words"
    if found_money := _MONEY.search(text):
        return (
            f"it names a price ({found_money.group().strip()}), and would go on to when the price "
            "changes: set the price, and the host says it from there"
        )
    folded = fold(text)
    for name, remedy in _ELSEWHERE.items():
        if claim := patterns("claims", language)[name].search(folded):
            return f"it claims {claim.group().strip()!r}: {remedy}"
    verdict = _as_said(text, language, product, known)
    return verdict.reason.replace("{answer}", "it") if isinstance(verdict, Refusal) else None


def _as_said(
    text: str, language: Language, product: Product | None, known: Sequence[Fact]
) -> object:
    """What the gate makes of it, said as the host says an approved answer."""
    sku = product.sku if product else ""
    answer = Fact("answer/new", 0, sku, "answer", Words((text,), language), "the studio")
    fields = {fact.field: fact for fact in known if fact.field != "answer"}
    return vet(
        Line(Sentence("{answer}")),
        Facts(Topic.FREE, product, (answer,), tuple(fields.values())),
        rung=Rung.FACT,
        language=language,
        voice_language=language,
    )
