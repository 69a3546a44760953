"""From the file into memory: a small shop whole, a large one by way of an index that is kept.

Of more than SMALL products, shelves lie packed in a file of their own and the words in an index,
both in FILE.index beside the catalog. They are made from it, and made anew where they are missing
or of another format; what changed since they were made is read on top of them.
"""

import json
import logging
import shutil
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

import duckdb
import msgspec
import numpy as np

from catalog import packed
from catalog.brief import Brief, brief
from catalog.db import Database
from catalog.errors import CatalogError
from catalog.library import MANY, InFile, InMemory, Library
from catalog.prices import Prices
from catalog.roll import Roll
from catalog.rows import Held, ShopRow
from catalog.search import Search
from catalog.search_texts import kinds_of
from catalog.shelf import Shelf
from catalog.sql import PARTS, in_parts

log = logging.getLogger(__name__)
SMALL = 5000
"""Products up to which a shop is at hand whole."""
FORMAT = 1
_AT_ONCE = 20_000
"""Products read at once."""
_FEW = 2000
"""Changed products that are read on top of an index, and a fifth of all; from more it is made
anew."""


@dataclass(slots=True)
class Opened:
    library: Library
    search: Search
    version: int


def opened(database: Database, now: datetime, *, anew: bool = False) -> Opened:
    """Raises CatalogError: no products, no shop. Blocking: a minute for a million products whose
    index has to be made. *anew*: not by way of what is kept."""
    connection = database.beside()
    try:
        shop = packed.shop(connection)
        count = _count(connection)
        if not count:
            raise CatalogError(
                f"{database.path}: the catalog has no products; load some with "
                f"`candor catalog load FOLDER --db {database.path}`"
            )
        if shop is None:
            raise CatalogError(f"{database.path}: the catalog does not say whose shop it is")
        own = next((packed.unpack("", p) for _, p in packed.of_skus(connection, [""])), Shelf(""))
        if count <= SMALL:
            return _small(connection, shop, own, database.version)
        folder = _folder(database.path)
        if not anew:
            found = _kept(connection, shop, own, folder, database.version, now)
            if found is not None:
                return found
        return _made(connection, shop, own, folder, database.version, count)
    finally:
        connection.close()


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute(
        "select count(distinct sku) from products where sku not in "
        "(select sku from products group by sku having arg_max(withdrawn, ver))"
    ).fetchone()
    return int(found[0]) if found else 0


def _small(
    connection: duckdb.DuckDBPyConnection, shop: Held[ShopRow], own: Shelf, version: int
) -> Opened:
    roll, prices, kept = Roll(), Prices(), InMemory()
    library = Library(shop, own, roll, prices, kept, 0)
    search = Search(library)

    def briefs() -> Iterator[tuple[int, Brief]]:
        for one, text in _products(connection, 1):
            place = roll.add(one)
            prices.add(place, one)
            kept.write(place, text.encode())
            yield place, one

    search.fill(briefs())
    return Opened(library, search, version)


def _products(connection: duckdb.DuckDBPyConnection, ranges: int) -> Iterator[tuple[Brief, str]]:
    step = -(-PARTS // ranges)
    conditions = [f"part between {at} and {at + step - 1}" for at in range(0, PARTS, step)]
    for sku, text in packed.sweep(connection, conditions):
        if sku:
            one = brief(sku, packed.cells(text))
            if one.whole:
                yield one, text


# --- of a large shop ----------------------------------------------------------------------------


def _folder(path: Path) -> Path:
    """Where an index is kept; somewhere for this time only if nothing can be written there."""
    folder = path.with_name(f"{path.name}.index")
    try:
        folder.mkdir(exist_ok=True)
        (folder / "writable").touch()
        (folder / "writable").unlink()
    except OSError as error:
        log.warning("the index cannot be kept", extra={"folder": str(folder), "reason": str(error)})
        return Path(tempfile.mkdtemp(prefix="candor-index-"))
    return folder


def _made(
    connection: duckdb.DuckDBPyConnection,
    shop: Held[ShopRow],
    own: Shelf,
    folder: Path,
    version: int,
    count: int,
) -> Opened:
    log.info("the catalog is being indexed", extra={"products": count})
    stamp = folder / "stamp.json"
    before = _stamp(stamp).get("name")
    within = Path(tempfile.mkdtemp(prefix=f"{version}-", dir=folder))
    (within / "words").mkdir()
    roll, prices, offsets = Roll(), Prices(), array("q", [0])
    shelves = within / "shelves"
    library = Library(shop, own, roll, prices, InMemory(), MANY)
    older = folder / str(before) if before else None
    search = Search(library, within, older if older and older.is_dir() else None)
    with shelves.open("wb") as file:

        def briefs() -> Iterator[tuple[int, Brief]]:
            for one, text in _products(connection, -(-count // _AT_ONCE)):
                place = roll.add(one)
                prices.add(place, one)
                offsets.append(offsets[-1] + file.write(text.encode()))
                yield place, one

        search.fill(briefs())
    library.kept_in(InFile(shelves, np.array(offsets, np.int64)))
    state = {
        "roll": roll.state(),
        "prices": prices.state(),
        "search": search.state(),
        "offsets": offsets.tobytes(),
    }
    (within / "state").write_bytes(msgspec.msgpack.encode(state))
    fresh = folder / "stamp.new"
    fresh.write_text(json.dumps({**_about(connection), "version": version, "name": within.name}))
    fresh.replace(stamp)  # at once: an index without its stamp is none
    return Opened(library, search, version)


def _about(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """What an index and its catalog have to agree in."""
    first = "select epoch_us(arg_min(loaded_at, source_id)) from sources"
    born = connection.execute(first).fetchone()
    return {"format": FORMAT, "born": born[0] if born else None}


def _stamp(path: Path) -> dict[str, object]:
    with suppress(OSError, ValueError):
        return cast(dict[str, object], json.loads(path.read_text()))
    return {}


def _kept(
    connection: duckdb.DuckDBPyConnection,
    shop: Held[ShopRow],
    own: Shelf,
    folder: Path,
    version: int,
    now: datetime,
) -> Opened | None:
    """What was made before, with what changed since; None where it cannot be used."""
    stamp = _stamp(folder / "stamp.json")
    about = {key: stamp.get(key) for key in ("format", "born")}
    since, name = stamp.get("version"), stamp.get("name")
    if about != _about(connection) or not isinstance(since, int) or not isinstance(name, str):
        return None
    if since > version:
        return None
    for other in folder.iterdir():
        if other.is_dir() and other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    try:
        state = msgspec.msgpack.decode((folder / name / "state").read_bytes())
        library = Library(
            shop,
            own,
            Roll.of_state(state["roll"]),
            Prices.of_state(state["prices"]),
            InFile(folder / name / "shelves", np.frombuffer(state["offsets"], np.int64)),
            MANY,
        )
        search = Search(library, folder / name)
        search.take_state(state["search"])
    except (OSError, ValueError, KeyError, msgspec.DecodeError) as error:
        log.warning("the index is made anew", extra={"reason": str(error)})
        return None
    if not catch_up(connection, library, search, since, version, now):
        search.close()
        return None
    search.settle()
    return Opened(library, search, version)


# --- what changed -------------------------------------------------------------------------------


def catch_up(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    search: Search,
    since: int,
    version: int,
    now: datetime,
) -> bool:
    """Take in what was written after version *since*. False, and nothing is done, where that is so
    much, or such, that all is better read anew."""
    if packed.shop_changed(connection, since):
        return False
    parts, touched = packed.changed(connection, since)
    if len(parts) > max(_FEW, len(library.roll) // 5):
        return False
    ranges = [_parts(parts[at : at + _FEW]) for at in range(0, len(parts), _FEW)]
    found = dict(packed.sweep(connection, ranges))
    return replace(library, search, touched, found, version, now)


def _parts(parts: list[int]) -> str:
    return f"part in ({', '.join(map(str, parts))})"


def reread(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    search: Search,
    skus: set[str],
    version: int,
    now: datetime,
) -> bool:
    """As *catch_up*, of some products."""
    if len(skus) > max(_FEW, len(library.roll) // 5):
        return False
    wanted = list(skus)
    ranges = [in_parts(wanted[at : at + _FEW]) for at in range(0, len(wanted), _FEW)]
    found = {sku: text for sku, text in packed.sweep(connection, ranges) if sku in skus}
    return replace(library, search, skus, found, version, now)


def replace(
    library: Library,
    search: Search,
    touched: set[str],
    found: dict[str, str],
    version: int,
    now: datetime,
) -> bool:
    """Put the shelves of *found* in the place of those there are; what was *touched* and is not
    found is gone. False where the names of categories are others: that concerns all products."""
    own = found.get("")
    before = library.shelf("")
    if own is not None and kinds_of(packed.unpack("", own)) != kinds_of(before or Shelf("")):
        return False
    gone = touched - found.keys() - {""}
    for sku, text in found.items():
        shelf, before = packed.unpack(sku, text), library.shelf(sku)
        if sku and (shelf.product is None or not shelf.variants):
            gone.add(sku)
            continue
        library.put(shelf, version, now)
        search.turn(before, shelf)
    for sku in gone:
        before = library.shelf(sku)
        library.remove(sku, version, now)
        if before is not None:
            search.turn(before, None)
    return True
