"""What is loaded, but a person should look at."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

import duckdb

from agent.types import LANGUAGES
from catalog.load.options import Judge
from catalog.load.report import KEPT, Report

SLIP = 8
"""A price so many times what it was, or so small a part of it, looks like a slip of a digit."""
MOST_JUDGED = 2_000
"""Texts that are held against the rules in one load."""
_PLACE = "join s_files f on f.file_no = s.file_no"
_SALE = f"from s_offers s {_PLACE} join s_offers l on l.variant_id = s.variant_id and l.kind = 'list' where s.kind = 'sale'"  # noqa: E501
_SENTENCES = "s.name in ('care', 'age') or starts_with(s.name, 'point_')"
"""Texts in which a merchant makes whole sentences, and so claims; answers are others."""
_FOUND: tuple[tuple[str, str, str], ...] = (
    (
        f"select f.name, s.line, coalesce(nullif(s.field, ''), 'price'), s.amount::varchar, "
        f"l.amount {_SALE} and s.amount >= l.amount",
        "is not below the regular price, {}: it will never be said",
        "give the price before the reduction as the regular one",
    ),
    (
        f"select f.name, s.line, coalesce(nullif(s.field, ''), 'price'), s.amount::varchar, "
        f"l.amount {_SALE} and s.amount * 10 < l.amount",
        "is less than a tenth of the regular price, {}",
        "check the decimals",
    ),
    (
        f"select f.name, s.line, coalesce(nullif(s.field, ''), 'until'), s.valid_until::varchar, "
        f"s.variant_id from s_offers s {_PLACE} where s.valid_until <= $now",
        "the offer for {} is already over",
        "take it out, or give its new end",
    ),
    (
        "select f.name, s.line, 'title', t.title, t.first from (select owner, language, "
        "words[1] as title, seq, min(owner) over w as first, row_number() over (partition by "
        "language, words[1] order by seq) as nth from s_attributes where name = 'title' and "
        "not starts_with(owner, 'variant:') window w as (partition by language, words[1] order by "
        f"seq rows between unbounded preceding and current row)) t "
        f"join s_attributes s on s.seq = t.seq {_PLACE} where t.nth > 1",
        "another product, {}, has the same title: viewers cannot tell them apart",
        "give each its own title",
    ),
)
_AGAINST_HELD = (
    "select f.name, s.line, coalesce(nullif(s.field, ''), 'price'), s.amount::varchar, h.amount "
    f"from s_offers s {_PLACE} join h_offers h on h.offer_id = s.offer_id and h.kind = s.kind "
    f"where s.amount >= h.amount * {SLIP} or s.amount * {SLIP} <= h.amount"
)


def look(
    connection: duckdb.DuckDBPyConnection, report: Report, now: datetime, *, empty: bool
) -> None:
    """Find what is suspicious among the staged rows; *empty*: nothing is held yet."""
    found = list(_FOUND)
    if not empty:
        found.append(
            (_AGAINST_HELD, "was {} before", "check that no digit or decimal point is missing")
        )
    over = {(f.file, f.line) for f in report.suspicious if "already over" in f.reason}
    for statement, reason, remedy in found:
        parameters = {"now": now} if "$now" in statement else None
        for file, line, field, value, other in _fetched(connection, statement, parameters):
            if "already over" in reason and (file, line) in over:
                continue  # it was said when it was read
            report.suspect(
                str(file), cast(int, line), str(field), str(value), reason.format(other), remedy
            )


def judge_texts(
    connection: duckdb.DuckDBPyConnection, report: Report, judge: Judge, *, empty: bool
) -> None:
    """Hold what is new of the sentences that the host may speak against the rules."""
    fresh = "" if empty else "and s.seq in (select seq from d_{} where seq is not null)"
    statement = (
        f"select f.name, s.line, coalesce(nullif(s.field, ''), s.name), unnest(s.words), "
        f"s.language, s.seq from s_attributes s {_PLACE} where ({_SENTENCES}) {fresh.format('attributes')} "  # noqa: E501
        f"union all select f.name, s.line, coalesce(nullif(s.field, ''), 'answer'), s.answer, "
        f"s.language, s.seq from s_faq s {_PLACE} where true {fresh.format('faq')} "
    )
    found = _fetched(
        connection, f"select * from ({statement}) order by 6 limit {MOST_JUDGED + 1}", None
    )
    for count, (file, line, field, text, language, _) in enumerate(found, 1):
        if count > MOST_JUDGED:
            report.notes.append(
                f"Only the first {MOST_JUDGED} texts were held against the rules of the show."
            )
            return
        for own in LANGUAGES:
            if own == language and (reason := judge(str(text), own)) is not None:
                report.suspect(
                    str(file), cast(int, line), str(field), str(text),
                    f"the host will never say this: {reason}",
                    "write what is so, without the claim; or leave it as it is, unsaid",
                )  # fmt: skip


def _fetched(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: dict[str, datetime] | None
) -> Iterator[tuple[object, ...]]:
    found = connection.execute(statement, parameters)
    while rows := found.fetchmany(KEPT):
        yield from rows
