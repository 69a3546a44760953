"""Versions into products: rows of one product that stand together become one, and its rows go out
in the order that they were read."""

from collections.abc import Iterator

from agent.types import LANGUAGES
from catalog.load.forms.facts import Says, listed
from catalog.load.forms.markup import Line, lines, plain_text
from catalog.load.forms.points import claims_in, points, shortened
from catalog.load.forms.said import Said
from catalog.load.forms.shop import Shop
from catalog.load.forms.titles import common_title
from catalog.load.forms.versions import Version, VersionReader
from catalog.load.records import Entry
from catalog.rows import AttributeRow, ProductRow, Row

MOST = 2_000
"""Versions of one product that are held to be compared; more are taken as they come."""
_FIRST = frozenset(("link", "image_url", "gtin", "model", "brand", "also_called"))
"""Of these the first version's is the product's."""


class Assembler:
    """Takes what rows say, one by one, and gives the catalog's rows. Holds the versions of one
    product, and of every product its name."""

    def __init__(self, shop: Shop, shop_name: str = "") -> None:
        self.shop = shop
        self._reader = VersionReader(shop)
        self._shop_name = shop_name
        self._shop_said = False
        self._group: list[Version] = []
        self._seen: dict[str, int] = {}
        self._categories: set[tuple[str, str]] = set()

    def take(self, said: Said) -> Iterator[Entry]:
        version = self._reader.read(said)
        if version is None:
            return
        held = self._group
        if held and (held[0].sku != version.sku or len(held) >= MOST):
            yield from self._flush()
        self._group.append(version)

    def close(self) -> Iterator[Entry]:
        """What is left, when all rows have been taken."""
        yield from self._flush()
        if not self._shop_said:
            yield from self._shop()

    def _shop(self) -> Iterator[Entry]:
        self._shop_said = True
        yield Entry(self.shop.row(self._shop_name), self.shop.file, 0)

    def _flush(self) -> Iterator[Entry]:
        group, self._group = self._group, []
        if not group:
            return
        if not self._shop_said:
            yield from self._shop()
        first = group[0]
        known = self._seen.get(first.sku)
        if known is None:
            self._seen[first.sku] = first.digest() if "group" in first.said.cells else 0
            self._describe(group)
            yield from self._product(group)
        else:
            self._apart(group, known)
        for version in group:
            said = version.said
            for says in version.own:
                yield Entry(says.row, said.file, said.line, says.column)

    def _apart(self, group: list[Version], known: int) -> None:
        """Rows of a product whose first rows are gone: only their versions are loaded."""
        for version in group:
            if known and version.shared and version.digest() != known:
                self.shop.once(
                    version.said, "sku" if "group" not in version.said.cells else "group",
                    "rows of a product stand apart and do not say the same of it: the first holds",
                    "sort the file by product",
                )  # fmt: skip
                return

    # --- one product -------------------------------------------------------------------------

    def _product(self, group: list[Version]) -> Iterator[Entry]:
        first = group[0]
        said, sku = first.said, first.sku
        image = next((version.said.image for version in group if version.said.image), "")
        category = first.category
        name = "group" if "group" in said.cells else "sku"
        line = said.whole or said.line
        yield Entry(ProductRow(sku, 0, category, image), said.file, line, said.column(name))
        names = first.categories or {"en": category}
        for language, words in names.items():
            if (category, language) not in self._categories:
                self._categories.add((category, language))
                row = AttributeRow(f"category:{category}", "category", language, (words,))
                yield Entry(row, said.file, line, said.column("category"))
        for language, title in first.titles.items():
            text = title
            if len(group) > 1:
                named = [(v.titles.get(language, title), v.colour, v.size) for v in group]
                text, sure = common_title(named)
                if not sure:
                    self.shop.once(
                        said, "title", "versions of one product have different titles: the first "
                        "one's was taken", "give them one title, or other groups",
                    )  # fmt: skip
            row = AttributeRow(sku, "title", language, (text,))
            yield Entry(row, said.file, line, said.column("title"))
        yield from self._agreed(group)

    def _agreed(self, group: list[Version]) -> Iterator[Entry]:
        """What the versions say of the product, where they agree; else of each version."""
        if len(group) == 1:
            said = group[0].said
            for says in group[0].shared.values():
                yield Entry(says.row, said.file, said.whole or said.line, says.column)
            return
        keys = dict.fromkeys(key for version in group for key in version.shared)
        for key in keys:
            saying = [(v, v.shared[key]) for v in group if key in v.shared]
            version, says = saying[0]
            said = version.said
            line = said.whole or said.line
            if key[0] in _FIRST or key[0].startswith(("description", "point_")):
                if key[0] == "gtin":  # is of one version by its nature
                    yield from self._each(saying)
                else:
                    yield Entry(says.row, said.file, line, says.column)
            elif len({other.row for _, other in saying}) == 1:
                yield Entry(says.row, said.file, line, says.column)
            elif isinstance(says.row, AttributeRow):
                yield from self._each(saying)
            else:
                self.shop.once(
                    said, says.column, "differs between the versions of a product: left out",
                    "give the same for all of them",
                )  # fmt: skip

    def _each(self, saying: list[tuple[Version, Says]]) -> Iterator[Entry]:
        for version, says in saying:
            row: Row = says.row
            if isinstance(row, AttributeRow):
                owner = f"variant:{version.variant}"
                own = AttributeRow(owner, row.name, row.language, row.words, row.amount, row.unit)
                yield Entry(own, version.said.file, version.said.line, says.column)

    def _describe(self, group: list[Version]) -> None:
        """Give the first version that has one its description to search in, and the points to
        speak."""
        colours = {version.colour for version in group if version.colour}
        for version in group:
            described = self._described(version.said)
            for language, (found, clean) in described.items():
                column = version.said.column("description")
                text = shortened("\n".join(line.text for line in found))
                row = AttributeRow(version.sku, "description", language, (text,))
                version.shared["description", language] = Says(row, column)
                backing = " ".join(_words_of(version))
                for number, point in enumerate(points(found, backing, colours, clean=clean), 1):
                    spoken = AttributeRow(version.sku, f"point_{number}", language, (point,))
                    version.shared[f"point_{number}", language] = Says(spoken, column)
            if described:
                return

    def _described(self, said: Said) -> dict[str, tuple[list[Line], bool]]:
        """The lines of a version's descriptions, by language: its points first, what only helps
        to find it last; and whether they claim nothing."""
        found: dict[str, tuple[list[Line], bool]] = {}
        own = self.shop.language or "en"
        for language, end in ((own, ""), *((code, f":{code}") for code in LANGUAGES)):
            found_here = [Line(plain_text(text), True) for text in listed(said.text(f"point{end}"))]
            if text := said.text(f"description{end}"):
                found_here += lines(text)
            if found_here:
                clean = not self._claims(said, f"description{end}", found_here)
                before, was_clean = found.get(language, ([], True))
                found[language] = (before + found_here, clean and was_clean)
        if text := said.text("search"):
            found.setdefault(own, ([], True))[0].append(Line(plain_text(text), False))
        return found

    def _claims(self, said: Said, name: str, found: list[Line]) -> bool:
        """Whether a description claims anything; of what is serious the merchant is told."""
        claims = claims_in(found)
        for claim in claims or ():
            kind = claim.kind.replace("_", " ")
            self.shop.report.suspect(
                said.file, said.whole or said.line, said.column(name), claim.sentence,
                f"claims {claim.words!r} ({kind}): the host will not say so",
                "if it can be proved, give a certificate and its document",
            )  # fmt: skip
        return claims is not None


def _words_of(version: Version) -> Iterator[str]:
    """All that a version's columns say, but for the description."""
    yield from version.titles.values()
    for says in version.shared.values():
        row = says.row
        if isinstance(row, AttributeRow) and row.name != "description":
            yield from row.words or ()
            if row.amount is not None:
                yield f"{row.amount:f}"
