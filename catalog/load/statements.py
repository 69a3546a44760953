"""Statements over the staged rows (``Stage``), made alike for every kind of row.

In them ``s`` is a staged row, ``o`` the variant it names; ``owners`` holds the products of all
variants there will be, ``known`` all products there will be.
"""

from catalog.rows import (
    AttributeRow,
    OfferRow,
    ProductRow,
    Row,
    StockRow,
    VariantRow,
    columns_of,
)
from catalog.sql import newest

_LANGUAGES = "('en', 'fr', 'zh')"
_VARIANT = "starts_with({row}.owner, 'variant:')"


def joined(kind: type[Row], alias: str = "s", owners: str = "owners") -> str:
    """A join to add after the table *alias* of rows, so that *sku_of* can be said."""
    if kind is OfferRow or kind is StockRow:
        return f"left join {owners} o on o.variant_id = {alias}.variant_id"
    if kind is AttributeRow:
        variant = _VARIANT.format(row=alias)
        named = f"case when {variant} then {alias}.owner[9:] end"
        return f"left join {owners} o on o.variant_id = {named}"
    return ""


def sku_of(kind: type[Row], alias: str = "s") -> str:
    """An expression: the product a row is of; '' for the shop, null where there is no such
    variant."""
    if kind is OfferRow or kind is StockRow:
        return "o.sku"
    if kind is AttributeRow:
        return (
            f"case when {_VARIANT.format(row=alias)} then o.sku "
            f"when starts_with({alias}.owner, 'category:') then '' else {alias}.owner end"
        )
    return f"{alias}.sku" if "sku" in columns_of(kind) else "''"


def staged(kind: type[Row]) -> str:
    return f"from s_{kind.TABLE} s {joined(kind)}"


def refusing(
    kind: type[Row],
    body: str,
    reason: str,
    remedy: str,
    *,
    field: str = "''",
    value: str,
    sku: str = "",
) -> str:
    """Refuse the staged rows that *body* ("from ... where ...") gives. *field*: what to name where
    the row does not know its column; *value*, *reason*, *sku*: expressions."""
    return (
        f"insert into refusals select '{kind.TABLE}', s.seq, s.file_no, s.line, "
        f"coalesce(nullif(s.field, ''), {field}), {value}, {reason}, '{remedy}', "
        f"{sku or sku_of(kind)} {body}"
    )


def _key(kind: type[Row], alias: str = "") -> str:
    dot = f"{alias}." if alias else ""
    return ", ".join(dot + name for name in kind.KEY)


def twice(kind: type[Row]) -> tuple[str, str]:
    """Rows that say the key of an earlier one: those that say something else, or are another
    variant by the same name, are refused; then all of them go."""
    table, key, own = kind.TABLE, _key(kind), ", ".join(columns_of(kind))
    found = (
        f"create or replace temp table later as "
        f"with again as (select hash({key}) as k from s_{table} group by k having count(*) > 1) "
        f"select seq, first_value(file_no) over w as first_file, first_value(line) over w as "
        f"first_line, first_value(hash({own})) over w <> hash({own}) as differs, "
        f"row_number() over w as nth from s_{table} where hash({key}) in (select k from again) "
        f"window w as (partition by {key} order by seq) qualify nth > 1"
    )
    other = "l.differs"
    if kind is VariantRow:
        other = "(l.differs or (l.first_file, l.first_line) <> (s.file_no, s.line))"
    plain = kind is ProductRow or kind is VariantRow
    among = f"from s_{table} s" if plain else staged(kind)
    shown = f"concat_ws('/', {_key(kind, 's')})"
    refused = refusing(
        kind,
        f"{among} join later l on l.seq = s.seq "
        f"join s_files f on f.file_no = l.first_file where {other}",
        "'stands there already (' || f.name || case when l.first_line > 0 then "
        "' line ' || l.first_line else '' end || ')'",
        "give each its own name, or take one of them out",
        field=f"'{kind.KEY[0]}'",
        value=shown,
    )
    return found, refused


def unusable(kind: type[Row]) -> list[str]:
    """Refusals of rows that cannot be stored, or that speak of what there is not."""
    found = [
        refusing(
            kind,
            f"{staged(kind)} where s.spoilt is not null",
            "'has a number or time that cannot be stored'",
            "write fewer digits",
            field="s.spoilt",
            value="s.spoilt",
        )
    ]
    columns = columns_of(kind)
    if kind is OfferRow or kind is StockRow:
        found.append(
            refusing(
                kind,
                f"{staged(kind)} where o.sku is null",
                "'there is no such variant'",
                "give the variant a row of its own, or mend its name",
                field="'variant_id'",
                value="s.variant_id",
            )
        )
    elif kind is AttributeRow:
        found += _attributes()
    elif kind is not ProductRow:
        own = "" if kind is VariantRow else "s.sku <> '' and "
        found.append(
            refusing(
                kind,
                f"{staged(kind)} where {own}s.sku not in (select sku from known)",
                "'there is no such product'",
                "give the product a row of its own, or mend its name",
                field="'sku'",
                value="s.sku",
            )
        )
    if kind is OfferRow:
        found += _offers()
    if "language" in columns and kind is not AttributeRow:
        found.append(_language(kind, "true"))
    return found


def _language(kind: type[Row], also: str) -> str:
    return refusing(
        kind,
        f"{staged(kind)} where s.language not in {_LANGUAGES} and {also}",
        "'is not in a language that the host speaks'",
        "give it in en, fr or zh",
        field="'language'",
        value="s.language",
    )


def _attributes() -> list[str]:
    kind = AttributeRow
    return [
        _language(kind, "(s.language <> '' or s.words is not null)"),
        refusing(
            kind,
            f"{staged(kind)} where coalesce(len(s.words), 0) = 0 and s.amount is null "
            "and s.spoilt is null",
            "'has neither words nor a number'",
            "fill it, or leave the row out",
            value="s.name",
        ),
        refusing(
            kind,
            f"{staged(kind)} where {_VARIANT.format(row='s')} and o.sku is null",
            "'there is no such variant'",
            "give the variant a row of its own, or mend its name",
            field="'variant'",
            value="s.owner[9:]",
        ),
        refusing(
            kind,
            f"{staged(kind)} where not {_VARIANT.format(row='s')} "
            "and not starts_with(s.owner, 'category:') and s.owner <> '' "
            "and s.owner not in (select sku from known)",
            "'there is no such product'",
            "give the product a row of its own, or mend its name",
            field="'sku'",
            value="s.owner",
        ),
    ]


def _offers() -> list[str]:
    kind = OfferRow
    return [
        refusing(
            kind,
            f"{staged(kind)} where s.amount <= 0",
            "'a price is above zero'",
            "leave out what is not for sale",
            field="'price'",
            value="s.amount::varchar",
        ),
        refusing(
            kind,
            f"{staged(kind)} where s.currency <> $currency",
            "'the shop''s prices are in ' || $currency",
            "convert it, or load it as another shop",
            field="'currency'",
            value="s.currency",
        ),
        refusing(
            kind,
            f"{staged(kind)} where s.valid_from >= s.valid_until",
            "'ends before it begins'",
            "put the two times right",
            value="s.valid_until::varchar",
        ),
    ]


def incomplete(held: bool) -> list[str]:
    """Refusals of products that cannot be sold. *held*: what the catalog has counts as well."""
    title = "select owner from s_attributes where name = 'title'"
    variant = "select sku from s_variants"
    price = "select variant_id from s_offers where kind = 'list'"
    if held:
        title += " union all select owner from h_attributes where name = 'title'"
        variant += " union all select sku from h_variants"
        price += " union all select variant_id from h_offers where kind = 'list'"
    return [
        refusing(
            ProductRow,
            f"from s_products s where s.sku not in ({title})",
            "'has no title'",
            "give it a title",
            field="'title'",
            value="s.sku",
        ),
        refusing(
            ProductRow,
            f"from s_products s where s.sku not in ({variant})",
            "'has no variant, so it has no price'",
            "give it at least one variant",
            field="'sku'",
            value="s.sku",
        ),
        refusing(
            VariantRow,
            f"from s_variants s where s.variant_id not in ({price}) "
            "and s.sku in (select sku from known)",
            "'has no price'",
            "give it its regular price",
            field="'price'",
            value="s.variant_id",
        ),
    ]


def held(kind: type[Row]) -> str:
    """What holds now, as a temporary table ``h_...``: own columns, part, ver, source_id. Few keys
    have been said more than once, and only those are put in order."""
    table, key = kind.TABLE, _key(kind)
    own = ", ".join((*columns_of(kind), "part", "ver", "source_id"))
    return (
        f"create or replace temp table h_{table} as "
        f"with again as (select hash({key}) as k from {table} group by k having count(*) > 1) "
        f"select {own} from {table} where not withdrawn "
        f"and hash({key}) not in (select k from again) union all select {own} from "
        f"(select * from {table} where hash({key}) in (select k from again) "
        f"qualify {newest(kind)}) where not withdrawn"
    )


def compared(kind: type[Row], part: str) -> str:
    """What a load changes, as a temporary table ``d_...``: seq (null: gone), before (the version
    that holds now; null: new), moved (to another product). *part*: an expression."""
    table = kind.TABLE
    same = " and ".join(f"t.{name} = h.{name}" for name in kind.KEY)
    differs = " or ".join(
        f"t.{name} is distinct from h.{name}"
        for name in columns_of(kind)
        if name not in kind.KEY
    )  # fmt: skip
    own = ", ".join(f"s.{name}" for name in columns_of(kind))
    return (
        f"create or replace temp table d_{table} as select t.seq, h.ver as before, "
        f"t.part <> h.part as moved "
        f"from (select s.seq, {own}, {part} as part {staged(kind)}) t "
        f"full outer join h_{table} h on {same} "
        f"where t.seq is null or h.ver is null or t.part <> h.part or {differs}"
    )


def appending(kind: type[Row], part: str, version: str, narrowed: str) -> str:
    """Append staged rows to their table. *version*, *part*: expressions; *narrowed*: a join that
    picks the rows, or nothing. Parameters $now, $source (of the load's first source)."""
    own = ", ".join(f"s.{name}" for name in columns_of(kind))
    return (
        f"insert into {kind.TABLE} select {own}, {part} as part, {version}, $now, false, "
        f"$source + f.origin, case when s.line > 0 then f.name || ' line ' || s.line else f.name "
        f"end {staged(kind)} join s_files f on f.file_no = s.file_no {narrowed} "
        f"order by part, s.seq"
    )


def withdrawing(kind: type[Row]) -> str:
    """Append withdrawals of the rows in ``gone``. Parameters $now, $source, $base."""
    own = ", ".join(f"t.{name}" for name in columns_of(kind))
    return (
        f"insert into {kind.TABLE} select {own}, t.part, $base + g.nth, $now, true, $source, "
        f"g.why from {kind.TABLE} t join gone g on g.ver = t.ver order by t.part, t.ver"
    )
