"""A record as rows of a table: for people's own queries, in JSON lines or Parquet."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

COLUMNS: Mapping[str, str] = {
    "show_id": "varchar",
    "n": "bigint",
    "at": "timestamptz",
    "kind": "varchar",
    "id": "varchar",
    "frame": "bigint",
    "until": "bigint",
    "author": "varchar",
    "text": "varchar",
    "spoken": "varchar",
    "rung": "varchar",
    "rule": "varchar",
    "reason": "varchar",
    "sku": "varchar",
    "evidence": "varchar",
    "data": "varchar",
    "erased": "boolean",
}
"""Of a row, in order, with DuckDB's type. *evidence* and *data* are JSON; *erased*: a viewer's
words stood here and were erased."""


def rows(path: Path) -> Iterator[dict[str, object]]:
    """The lines of a record that can be read, flattened; what ``verify`` calls broken is left to
    it. The show is named by its folder."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
                row = _row(path.resolve().parent.name, entry)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            yield row


def _row(show: str, entry: Mapping[str, object]) -> dict[str, object]:
    data, words = entry["data"], entry.get("words", {})
    assert isinstance(data, dict)
    assert isinstance(words, dict)
    texts = {name: kept["text"] for name, kept in words.items()}
    hidden = {name for name, value in data.items() if isinstance(value, dict) and "sha256" in value}

    def plain(name: str) -> object:
        value = texts.get(name, data.get(name))
        return value if isinstance(value, str | int | float) else None

    evidence = data.get("evidence", data.get("facts"))
    return {
        "show_id": show,
        "n": entry["n"],
        "at": entry["at"],
        "kind": entry["kind"],
        "id": plain("id"),
        "frame": plain("frame"),
        "until": plain("until"),
        "author": plain("author"),
        "text": plain("text") or plain("written"),
        "spoken": plain("spoken"),
        "rung": plain("rung"),
        "rule": plain("rule"),
        "reason": plain("reason"),
        "sku": plain("sku"),
        "evidence": json.dumps(evidence, ensure_ascii=False) if evidence else None,
        "data": json.dumps(
            {name: value for name, value in data.items() if name not in hidden}, ensure_ascii=False
        ),
        "erased": bool(hidden - texts.keys()),
    }


def write_jsonl(paths: Sequence[Path], out: Path) -> int:
    """One row a line. Gives how many."""
    count = 0
    with out.open("w", encoding="utf-8") as file:
        for path in paths:
            for row in rows(path):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    return count


def write_parquet(paths: Sequence[Path], out: Path) -> int:
    """One row group after the other, with the types of COLUMNS; DuckDB, pandas and others read it.
    Gives how many rows."""
    scratch = out.with_name(out.name + ".rows")
    try:
        count = write_jsonl(paths, scratch)
        kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
        with duckdb.connect() as connection:
            connection.execute(
                "copy (select * from read_json("  # noqa: S608 - names of our own, values bound
                f"$file, format = 'newline_delimited', columns = {{{kinds}}})) "
                f"to '{_quoted(out)}' (format parquet)",
                {"file": str(scratch)},
            )
    finally:
        scratch.unlink(missing_ok=True)
    return count


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
