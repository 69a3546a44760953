-- The catalog. Append-only: a change is a new row with a higher `ver`, a withdrawal is a row with
-- `withdrawn`; no fact row is ever updated or deleted. What holds now is the newest row of a key.
--
-- Every fact table ends with the same five columns:
--   ver          grows over the whole catalog, one number a row: the version that evidence names
--   asserted_at  when the shop said so (UTC)
--   withdrawn    the shop no longer says so
--   source_id    where it came from: a row of `sources`
--   source_ref   "products.csv line 3", "live"
-- Validity is half-open, [valid_from, valid_until), null for unbounded. Money is decimal with its
-- currency. No secondary indexes: they are DuckDB's weak spot after a crash, and nothing here
-- needs them.

create table about (schema_version integer not null, made_by varchar not null);

create table sources (
    source_id integer primary key,
    kind varchar not null,             -- folder, csv, live
    uri varchar not null,
    sha256 varchar not null,           -- of the content; '' for live changes
    loaded_at timestamptz not null
);

create table shop (
    name varchar not null,
    zone varchar not null,             -- IANA name; times are spoken in it
    currency varchar not null,         -- ISO 4217; one for the whole shop
    market varchar not null,           -- ISO 3166 country, where nobody names another
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

create table products (
    sku varchar not null,
    number integer not null,           -- link number, "number 3"
    category varchar not null,
    image varchar not null,            -- file, '' for none
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

create table variants (
    variant_id varchar not null,
    sku varchar not null,
    colour varchar not null,           -- as in the English texts, '' where there is no such choice
    size varchar not null,
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

-- Prices. `list` is the regular price; `sale` holds within its window.
create table offers (
    offer_id varchar not null,
    variant_id varchar not null,
    kind varchar not null check (kind in ('list', 'sale')),
    amount decimal(14, 4) not null check (amount > 0),
    currency varchar not null check (length(currency) = 3),
    valid_from timestamptz,
    valid_until timestamptz,
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

-- quantity null: it can be had, nobody counted.
create table stock (
    variant_id varchar not null,
    quantity integer check (quantity >= 0),
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

-- What a product is: words by language (`amount` null), or a number with its SI unit (`words` null,
-- language ''). The owner is a sku, 'variant:...' (names of its colour and size), 'category:...' (its
-- name) or '' for the shop.
create table attributes (
    owner varchar not null,
    name varchar not null,
    language varchar not null,
    words varchar[],
    amount decimal(14, 4),
    unit varchar not null,
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

-- Delivery by region, returns, warranty; for the shop (sku '') or for one product, whose own rows
-- of a kind replace the shop's.
create table policies (
    kind varchar not null check (kind in ('delivery', 'returns', 'warranty')),
    sku varchar not null,
    region varchar not null,           -- ISO 3166 country or 'EU'; '' where it does not matter
    low integer not null,              -- days; months for a warranty
    high integer not null,
    fee decimal(14, 4),
    free_from decimal(14, 4),
    currency varchar not null,
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

create table faq (
    faq_id varchar not null,
    sku varchar not null,              -- '' for the shop
    language varchar not null,
    question varchar not null,
    answer varchar not null,
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

-- What may be said of safety, health or origin: only with who says so, and the document.
create table claims (
    claim_id varchar not null,
    sku varchar not null,
    claim varchar not null,
    issuer varchar not null,
    number varchar not null,
    document varchar not null,
    approved_by varchar not null,
    valid_from timestamptz,
    valid_until timestamptz,
    ver bigint not null, asserted_at timestamptz not null, withdrawn boolean not null,
    source_id integer not null, source_ref varchar not null
);

-- A cache, and no fact: unit vectors by the text they stand for, as float32 in bytes: a list of
-- floats takes 40 ms to bind.
create table vectors (
    model varchar not null,
    sha256 varchar not null,
    vector blob not null,
    primary key (model, sha256)
);
