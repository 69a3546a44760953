"""The language of a file's texts, where its headings do not tell it."""

from pathlib import Path

import pytest

from tests.catalog.reading import Reading, read

HEAD = "sku,title,price,description\n"
FRENCH = (
    "T1,Théière en fonte,39.90,Cette théière garde le thé au chaud pendant une bonne heure. Elle "
    "se lave simplement à l'eau claire.\nT2,Bougie parfumée,14.90,Une bougie coulée à la main qui "
    "parfume doucement toute la maison pendant quarante heures.\n"
)
GERMAN = (
    "T1,Teekanne aus Gusseisen,39.90,Diese Teekanne hält den Tee gut eine Stunde lang warm und "
    "wird einfach mit klarem Wasser gespült.\nT2,Duftkerze,14.90,Eine von Hand gegossene Kerze "
    "füllt das ganze Haus vierzig Stunden lang sanft mit ihrem Duft.\n"
)
ENGLISH = (
    "T1,Cast iron teapot,39.90,This teapot keeps your tea warm for a good hour and is simply "
    "rinsed with clear water.\nT2,Scented candle,14.90,A candle poured by hand that gently scents "
    "the whole house for forty hours on end.\n"
)
MOSTLY_NAMES = "T1,Théière Kyoto,39.90,\nT2,Bougie Ambre,14.90,\n"


def read_texts(folder: Path, rows: str, *, mapping: str = "") -> Reading:
    return read(folder, "shop.csv", HEAD + rows, mapping=mapping)


def test_french_texts_under_english_headings_are_french_and_said_to_be(tmp_path: Path) -> None:
    reading = read_texts(tmp_path, FRENCH)
    assert reading.said("T1", "title", "fr") == ("Théière en fonte",)
    assert reading.said("T1", "title", "en") is None
    (told,) = [found for found in reading.report.suspicious if "French" in found.reason]
    assert "language" in told.remedy


def test_a_mapping_has_the_last_word_on_the_language(tmp_path: Path) -> None:
    reading = read_texts(tmp_path, FRENCH, mapping='[shop]\nlanguage = "en"\n')
    assert reading.said("T1", "title", "en") == ("Théière en fonte",)
    assert not [found for found in reading.report.suspicious if "French" in found.reason]


def test_a_language_that_the_host_does_not_speak_is_told(tmp_path: Path) -> None:
    (told,) = [
        found
        for found in read_texts(tmp_path, GERMAN).report.suspicious
        if "German" in found.reason
    ]
    assert "does not speak" in told.reason
    assert "title:en" in told.remedy


@pytest.mark.parametrize("rows", [ENGLISH, MOSTLY_NAMES])
def test_english_texts_and_mere_names_are_not_doubted(tmp_path: Path, rows: str) -> None:
    reading = read_texts(tmp_path, rows)
    assert reading.said("T1", "title", "en") is not None
    assert not [found for found in reading.report.suspicious if "texts seem" in found.reason]
