"""Staged rows judged, compared with what the catalog holds, and appended: all in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.load import statements as sql
from catalog.load.options import Options, Progress, Tell
from catalog.load.report import Report
from catalog.load.stage import STAGED, Shopped, Stage
from catalog.rows import AttributeRow, FaqRow, ProductRow, Row, ShopRow, VariantRow
from catalog.sql import current, newest_version, queries, sql_part

MANY = 1000
"""Products that are named as changed; of more it is said that they are many."""
_REFUSED = (
    "select f.name, r.line, r.field, r.value, r.reason, r.remedy, r.sku from refusals r "
    "join s_files f on f.file_no = r.file_no order by r.seq, r.kind"
)
_STILL_A_CATEGORY = (
    "starts_with(h.owner, 'category:') and h.owner[10:] in (select category from s_products "
    "union all select category from h_products where ver not in (select ver from gone))"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder that is being loaded."""

    kind: str
    uri: str
    sha256: str
    options: str


class Settling:
    """One load, after its rows have been staged; on the connection of the stage."""

    def __init__(
        self,
        stage: Stage,
        sources: Sequence[Source],
        options: Options,
        report: Report,
        tell: Tell,
    ) -> None:
        self._stage = stage
        self._sources = sources
        self._options = options
        self._report = report
        self._tell = tell
        self._connection = stage.connection
        self._shop: Shopped | None = None
        self._held: ShopRow | None = None
        self.empty = True
        """The catalog holds nothing yet."""

    def _run(self, statement: str, **parameters: object) -> list[tuple[object, ...]]:
        used = {name: value for name, value in parameters.items() if f"${name}" in statement}
        return self._connection.execute(statement, used or None).fetchall()

    def _count(self, statement: str, **parameters: object) -> int:
        return int(str(self._run(statement, **parameters)[0][0]))

    # --- is it a catalog? --------------------------------------------------------------------

    def judge(self) -> None:
        """Refuse what cannot be held. In a partial load, take out the products it spoils."""
        self._tell(Progress("checking", self._stage.rows, self._stage.rows))
        self._read_shop()
        self.empty = not self._count("select count(*) from (select 1 from products limit 1)")
        if not self.empty:
            for kind in STAGED:
                self._run(sql.held(kind))
        self._leave_one(ProductRow)
        self._leave_one(VariantRow)
        self._know()
        for kind in STAGED:
            if kind is not ProductRow and kind is not VariantRow:
                self._leave_one(kind)
        self._complete_categories()
        for kind in STAGED:
            for statement in sql.unusable(kind):
                self._run(statement, currency=self._currency())
        for statement in sql.incomplete(not self.empty and self._options.add):
            self._run(statement)
        self._number_twice()
        self._into_report()
        stands_alone = self.empty or not self._options.add
        if stands_alone and not self.products and not self._report.refusals:
            self._report.refuse(self._report.source, 0, "", "", "has no products", sku="")
        if self._options.partial and self._report.refusals:
            self._leave_out()
            while self._number_twice():
                self._into_report()
                self._leave_out()
            self._know()

    def _leave_one(self, kind: type[Row]) -> None:
        """One row of each key, the first."""
        found, refused = sql.twice(kind)
        self._run(found)
        self._run(refused)
        self._run(f"delete from s_{kind.TABLE} where seq in (select seq from later)")

    def _read_shop(self) -> None:
        rows = self._run(current(ShopRow))
        held = self._held = ShopRow(*map(str, rows[0][:4])) if rows else None
        said = self._stage.shops
        stays = held is not None and self._options.add
        self._shop = said[0] if said and not stays else None
        own = held.currency if stays and held else self._shop.row.currency if self._shop else ""
        for other in said:
            if own and other.row.currency != own:
                self._report.refuse(
                    other.place, 0, "currency", other.row.currency,
                    f"a shop has one currency, and this one's is {own}",
                    "convert it, or load it as another shop",
                )  # fmt: skip

    def _currency(self) -> str:
        if self._shop is not None:
            return self._shop.row.currency
        return self._held.currency if self._held is not None else ""

    def _know(self) -> None:
        """The products and variants there will be."""
        for table, key, more in (("owners", "variant_id", ", sku"), ("known", "sku", "")):
            kind = VariantRow if table == "owners" else ProductRow
            also = ""
            if self._options.add and not self.empty:
                also = (
                    f" union all select {key}{more} from h_{kind.TABLE} "
                    f"where {key} not in (select {key} from s_{kind.TABLE})"
                )
            self._run(
                f"create or replace temp table {table} as "
                f"select {key}{more} from s_{kind.TABLE}{also}"
            )

    def _complete_categories(self) -> None:
        """A category that nobody has named is called what it is called."""
        known = "select owner from s_attributes where starts_with(owner, 'category:')"
        if self._options.add and not self.empty:
            known += " union all select owner from h_attributes"
        self._run(
            "insert into s_attributes select $rows + row_number() over (order by min(seq)), "
            "arg_min(file_no, seq), arg_min(line, seq), "
            "arg_min(field, seq), null, 'category:' || category, 'category', 'en', [category], "
            f"null, '' from s_products where 'category:' || category not in ({known}) "
            "group by category",
            rows=self._stage.rows,
        )

    def _number_twice(self) -> bool:
        """Refuse the later of two products that ask for one number. Whether there were any."""
        before = self._count("select count(*) from refusals")
        self._run(
            "insert into refusals select 'products', s.seq, s.file_no, s.line, 'number', "
            "s.number::varchar, case when s.number < 0 then 'is below zero' else "
            "'another product has this link number' end, 'give it another one, or none', s.sku "
            "from s_products s where s.number < 0 or s.number > 0 qualify s.number < 0 "
            "or row_number() over (partition by s.number order by s.seq) > 1"
        )
        if not self.empty and (self._options.add or self._options.partial):
            self._run(
                "insert into refusals select 'products', s.seq, s.file_no, s.line, 'number', "
                "s.number::varchar, 'the catalog has this link number for ' || h.sku, "
                "'give it another one, or none', s.sku from s_products s join h_products h "
                "on h.number = s.number where s.number > 0 and h.sku <> s.sku "
                "and h.sku not in (select sku from s_products)"
            )
        return self._count("select count(*) from refusals") > before

    def _into_report(self) -> None:
        found = self._connection.execute(_REFUSED)
        while rows := found.fetchmany(1000):
            for file, line, field, value, reason, remedy, sku in rows:
                self._report.refuse(
                    str(file), line, field, str(value), reason, remedy, sku=sku or ""
                )
        # rows of the shop itself, and of what there is not, go by themselves
        for kind in STAGED:
            self._run(
                f"delete from s_{kind.TABLE} where seq in (select seq from refusals "
                f"where kind = '{kind.TABLE}' and coalesce(sku, '') = '')"
            )
        self._run("delete from refusals")

    def _leave_out(self) -> None:
        """Take out the products that are not whole."""
        self._run("create or replace temp table left_out (sku varchar)")
        spoilt = sorted(self._report.spoilt)
        for begin in range(0, len(spoilt), 10_000):
            self._run(
                "insert into left_out select unnest($skus)", skus=spoilt[begin : begin + 10_000]
            )
        self._report.left_out = len(spoilt)
        for kind in reversed(STAGED):  # variants last: they say whose the others are
            if kind is not VariantRow:
                self._delete_spoilt(kind)
        self._delete_spoilt(VariantRow)
        if self._report.unplaced and not self.empty:
            note = (
                "It is not known of what product some of the refused rows are: so nothing was "
                "withdrawn."
            )
            if note not in self._report.notes:
                self._report.notes.append(note)

    def _delete_spoilt(self, kind: type[Row]) -> None:
        self._run(
            f"delete from s_{kind.TABLE} where seq in (select s.seq {sql.staged(kind)} "
            f"where {sql.sku_of(kind)} in (select sku from left_out))"
        )

    @property
    def products(self) -> int:
        """Those that would be in the catalog by this load."""
        return self._count("select count(*) from s_products")

    # --- what does it change? ----------------------------------------------------------------

    def compare(self) -> None:
        """Find what is new, changed and gone, and count it into the report."""
        self._tell(Progress("comparing", self._stage.rows, self._stage.rows))
        self._give_numbers()
        self._run("create temp table gone (ver bigint, kind varchar, sku varchar, why varchar)")
        report = self._report
        for kind in STAGED:
            table = kind.TABLE
            count = self._count(f"select count(*) from s_{table}")
            if self.empty:
                report.added[table] += count
                continue
            self._run(sql.compared(kind, sql_part(f"coalesce({sql.sku_of(kind)}, '')")))
            self._find_gone(kind)
            added, changed = self._run(
                f"select count(*) filter (before is null), count(*) filter (before is not null) "
                f"from d_{table} where seq is not null"
            )[0]
            report.added[table] += int(str(added))
            report.changed[table] += int(str(changed))
            report.unchanged += count - int(str(added)) - int(str(changed))
        lost = "select kind, count(*) from gone where why <> 'moved' group by kind"
        for name, number in self._run(lost):
            report.withdrawn[str(name)] += int(str(number))
        self._compare_shop()
        self._warn_of_loss()
        for counter in (report.added, report.changed, report.withdrawn):
            for name in [name for name, number in counter.items() if not number]:
                del counter[name]

    def _warn_of_loss(self) -> None:
        """A part of a shop that is loaded as the whole shows by what it takes away."""
        lost = self._report.withdrawn["products"]
        held = 0 if self.empty else self._count("select count(*) from h_products")
        if lost > 1 and lost * 2 > held:
            self._report.notes.append(
                f"{lost:,} of {held:,} products are withdrawn, as they are not in the files. If "
                "the files are not the whole shop, load the whole again and these with --add."
            )

    def _compare_shop(self) -> None:
        if self._shop is None:
            return
        if self._held == self._shop.row:
            self._shop = None
            self._report.unchanged += 1
        elif self._held is None:
            self._report.added["shop"] += 1
        else:
            self._report.changed["shop"] += 1

    def _give_numbers(self) -> None:
        """To products without a link number: the one they have, else the next that nobody has."""
        taken = "select number from s_products where number > 0"
        if not self.empty:
            self._run(
                "update s_products set number = h.number from h_products h "
                "where s_products.number = 0 and h.sku = s_products.sku "
                f"and h.number not in ({taken})"
            )
            taken += " union select number from h_products"
        self._run(f"create or replace temp table taken as {taken}")
        self._run(
            "update s_products set number = free.number from "
            "(select seq, row_number() over (order by seq) as n from s_products where number = 0) "
            "need join (select number, row_number() over (order by number) as n from "
            "range(1, (select count(*) from s_products) + (select count(*) from taken) + 1) "
            "r(number) where number not in (select number from taken)) free on free.n = need.n "
            "where s_products.seq = need.seq"
        )

    def _find_gone(self, kind: type[Row]) -> None:
        table = kind.TABLE
        if kind is ProductRow:
            self._run(
                "create or replace temp table h_owners as select variant_id, sku from h_variants"
            )
        sku = sql.sku_of(kind, "h")
        keep = ["false"]
        if self._options.partial and self._report.refusals:
            keep.append("true" if self._report.unplaced else f"{sku} in (select sku from left_out)")
        if self._options.add:
            keep.append(
                "h.source_id not in (select source_id from sources where uri in "
                "(select unnest($uris))) and coalesce("
                f"{sku} not in (select sku from gone where kind = 'products'), true)"
            )
        if kind is AttributeRow and (self._options.add or self._options.partial):
            keep.append(_STILL_A_CATEGORY)
        if kind is FaqRow:  # an export cannot say what people answered during a show
            keep.append(
                "h.source_id in (select source_id from sources where kind = 'live') and "
                "(h.sku = '' or h.sku in (select sku from known))"
            )
        self._run(
            f"insert into gone select d.before, '{table}', {sku}, 'no longer in the files' "
            f"from d_{table} d join h_{table} h on h.ver = d.before "
            f"{sql.joined(kind, 'h', 'h_owners')} "
            f"where d.seq is null and not ({' or '.join(f'({one})' for one in keep)})",
            uris=[source.uri for source in self._sources],
        )
        self._run(
            f"insert into gone select before, '{table}', null, 'moved' from d_{table} "
            "where moved and seq is not null"
        )

    def changed(self) -> list[str] | None:
        """The products that will be other than they were ("": the shop itself); None: many."""
        if self.empty:
            return None
        each = ["select sku from gone where sku is not null"]
        for kind in STAGED:
            each.append(
                f"select {sql.sku_of(kind)} as sku {sql.staged(kind)} "
                f"where s.seq in (select seq from d_{kind.TABLE})"
            )
        rows = self._run(f"select distinct sku from ({' union all '.join(each)}) limit {MANY + 1}")
        if len(rows) > MANY:
            return None
        found = {str(sku) for (sku,) in rows}
        return sorted(found | {""} if self._shop is not None else found)

    # --- keep it -----------------------------------------------------------------------------

    def append(self, now: datetime, base: int) -> int:
        """Write it all, within the transaction, with the versions after *base*. Gives the last of
        them. Raises duckdb.Error."""
        first = self._count(queries()["next_source"])
        for number, one in enumerate(self._sources, first):
            self._connection.execute(
                queries()["add_source"], [number, one.kind, one.uri, one.sha256, now, one.options]
            )
        if self._shop is not None:
            base += 1
            row = self._shop.row
            self._connection.execute(
                f"insert into shop select ?, ?, ?, ?, {sql_part(chr(39) * 2)}, ?, ?, false, ?, ?",
                [row.name, row.zone, row.currency, row.market, base, now,
                 first + self._shop.origin, self._shop.place],
            )  # fmt: skip
        self._run(
            "create or replace temp table gone as "
            "select *, row_number() over (order by ver) as nth from gone"
        )
        gone = self._count("select count(*) from gone")
        if gone:
            for kind in STAGED:
                self._run(sql.withdrawing(kind), now=now, source=first, base=base)
        base += gone
        if not self.empty:
            each = " union all ".join(
                f"select seq, '{kind.TABLE}' as kind from d_{kind.TABLE} where seq is not null"
                for kind in STAGED
            )
            self._run(
                "create or replace temp table fresh as select seq, kind, "
                f"row_number() over (order by seq, kind) as nth from ({each})"
            )
        done = 0
        for kind in STAGED:
            self._tell(Progress("storing", done, self._stage.rows))
            part = sql_part(f"coalesce({sql.sku_of(kind)}, '')")
            done += self._append_kind(kind, part, base, now, first)
        self._tell(Progress("storing", done, done))
        return self._count(newest_version())

    def _append_kind(
        self, kind: type[Row], part: str, base: int, now: datetime, source: int
    ) -> int:
        if self.empty:
            statement = sql.appending(kind, part, f"{base} + s.seq", "")
        else:
            narrowed = f"join fresh n on n.seq = s.seq and n.kind = '{kind.TABLE}'"
            statement = sql.appending(kind, part, f"{base} + n.nth", narrowed)
        return self._count(statement, now=now, source=source)
