"""Three shops to ask of: the sample, the real Magento export, and a French shop's feed.

Each is loaded as its merchant would: the export as it is, with a mapping file for what it does
not say of itself, then a folder with the shop's policies and answers beside it. So what is scored
is what a merchant gets.
"""

import os
from pathlib import Path

from catalog import sample
from catalog.load import Options, load

FOLDERS = Path(__file__).parent / "cases" / "shops"
DATA = Path(os.environ.get("CANDOR_DATA", Path(__file__).parents[2] / "shared" / "data"))
"""Where data lies that is not ours to hand on."""
SHOPS = ("sample", "magento", "brume")
_EXPORTS = {
    "magento": DATA / "magento" / "configurable_products.csv",
    "brume": FOLDERS / "brume" / "feed.xml",
}


def build(name: str, path: Path) -> bool:
    """Write the shop *name* into the new catalog *path*; False where its data is not to be had.
    Raises CatalogError."""
    if name == "sample":
        return sample.build(path).ok
    export = _EXPORTS[name]
    if not export.is_file():
        return False
    for source, options in (
        (export, Options(mapping=FOLDERS / name / "map.toml")),
        (FOLDERS / name, Options(add=True)),
    ):
        report = load(source, path, options)
        assert report.ok, str(report)
    return True
