"""Which language a file's texts are in, where neither its columns nor a mapping say so."""

import re
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from agent.types import LANGUAGES
from catalog.load.forms.said import Said
from catalog.load.report import Report

ENOUGH = 120
"""Letters of text without which nothing is told: titles are mostly names, and names are in all
languages."""
SURE = 0.99
_MOST = 6000
_SHOPS = {
    "en": "English", "fr": "French", "de": "German", "es": "Spanish", "it": "Italian",
    "nl": "Dutch", "pt": "Portuguese", "pl": "Polish", "sv": "Swedish", "da": "Danish",
}  # fmt: skip
"""Languages that are told apart in Latin letters; the more there are, the less sure."""
_NO_WORDS = re.compile(r"<[^>]*>|https?://\S+|[\d_]+")


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_SHOPS))
    return identifier


def written_in(rows: Sequence[Said], report: Report) -> str:
    """The language of *rows*, one of the host's; "" where that cannot be told. The report has it
    where it is taken from the texts alone, and where it is none of the host's."""
    if chinese(rows):
        return "zh"
    texts = (f"{row.text('title')}. {row.text('description')}" for row in rows)
    text = _NO_WORDS.sub(" ", " ".join(texts))[:_MOST]
    if sum(map(str.isalpha, text)) < ENOUGH:
        return ""
    code, sure = _identifier().classify(text)
    if sure < SURE or code == "en":
        return ""
    served = code in LANGUAGES
    rows[0].suspect(
        report,
        "title",
        f"the texts seem to be {_SHOPS[code]}"
        + (", and are taken for that" if served else ", which the host does not speak"),
        'if they are not, say so in a mapping file: [shop] language = "en"'
        if served
        else f"give them in one of {', '.join(LANGUAGES)}: columns such as title:en",
    )
    return code if served else ""


def chinese(rows: Sequence[Said]) -> bool:
    """Whether most titles are Chinese, by their script."""
    titles = [row.text("title") for row in rows]
    han = sum(any("\u4e00" <= sign <= "\u9fff" for sign in title) for title in titles)
    kana = sum(any("\u3040" <= sign <= "\u30ff" for sign in title) for title in titles)
    return han > len(titles) / 2 and kana < han / 4
