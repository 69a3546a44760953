"""Cut the fonts in this folder out of Noto Sans CJK. Offline; needs fonttools (4.68).

    python agent/fonts/subset.py /usr/share/fonts/opentype/noto

Kept: Latin, punctuation, currencies, and the characters of GB 2312. Quotation marks, dashes
and dots get their narrow shapes, as Latin text needs them.
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]

SIMPLIFIED = 2  # the font's number in the collection: SC
RANGES = (
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x2010, 0x2028),
    (0x2030, 0x203B),
    (0x20A0, 0x20C0),
    (0x2190, 0x2194),
    (0x3000, 0x3020),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE7),
)
OTHERS = "№™℃℉≤≥×÷±−≈≠∞√●○■□▲△★☆"
NARROW = "‘’“”…—·"


def characters() -> set[int]:
    kept = {code for low, high in RANGES for code in range(low, high)} | {ord(c) for c in OTHERS}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            kept |= {ord(c) for c in bytes((row, cell)).decode("gb2312", "ignore")}
    return kept


def cut(source: Path, target: Path) -> None:
    options = subset.Options(layout_features=["kern", "mark", "pwid"], hinting=False)
    options.font_number = SIMPLIFIED
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    narrow: dict[str, str] = {}
    features = {f.FeatureTag: f.Feature for f in font["GSUB"].table.FeatureList.FeatureRecord}
    for index in features["pwid"].LookupListIndex:
        for table in font["GSUB"].table.LookupList.Lookup[index].SubTable:
            narrow |= getattr(table, "ExtSubTable", table).mapping
    for table in font["cmap"].tables:
        for c in NARROW:
            if (wide := table.cmap.get(ord(c))) in narrow:
                table.cmap[ord(c)] = narrow[wide]
    font.save(target)


def main(folder: Path) -> None:
    for weight in ("Regular", "Bold"):
        target = Path(__file__).parent / f"sans-{weight.lower()}.otf"
        cut(folder / f"NotoSansCJK-{weight}.ttc", target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
