-- Every query of the catalog, by name. One statement each; parameters are positional.

-- name: schema_version
-- The version of the schema that this file was made with.
select schema_version from about;

-- name: mark_schema
-- Say which version of the schema this file has.
insert into about values (?, 'candor');

-- name: tables
-- Names of all tables, to tell a catalog from some other database.
select table_name from information_schema.tables where table_schema = 'main';

-- name: newest_version
-- The version of the whole catalog: the newest row of any table; 0 for an empty one.
select coalesce(max(ver), 0) from (
    select max(ver) as ver from shop
    union all select max(ver) as ver from products
    union all select max(ver) as ver from variants
    union all select max(ver) as ver from offers
    union all select max(ver) as ver from stock
    union all select max(ver) as ver from attributes
    union all select max(ver) as ver from policies
    union all select max(ver) as ver from faq
    union all select max(ver) as ver from claims
    union all select max(ver) as ver from figures
);

-- name: add_source
-- Note where rows come from. Parameters: source_id, kind, uri, sha256, loaded_at.
insert into sources values (?, ?, ?, ?, ?);

-- name: next_source
-- The next free source_id.
select coalesce(max(source_id), 0) + 1 from sources;

-- name: last_sha
-- The sha256 of what was last loaded from a place. Parameter: uri.
select sha256 from sources where uri = ? order by source_id desc limit 1;

-- name: live_source
-- The source_id that live changes are noted under, if there is one yet.
select source_id from sources where kind = 'live' limit 1;

-- name: current_shop
-- Rows of shop that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select name, zone, currency, market, ver, asserted_at, source_ref
from shop
qualify row_number() over (order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_shop
-- Append one row to shop; the last five parameters are ver, asserted_at, withdrawn, source_id,
-- source_ref.
insert into shop values (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_products
-- Rows of products that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select sku, number, category, image, ver, asserted_at, source_ref
from products
qualify row_number() over (partition by sku order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_products
-- Append one row to products; the last five parameters are ver, asserted_at, withdrawn,
-- source_id, source_ref.
insert into products values (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_variants
-- Rows of variants that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select variant_id, sku, colour, size, ver, asserted_at, source_ref
from variants
qualify row_number() over (partition by variant_id order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_variants
-- Append one row to variants; the last five parameters are ver, asserted_at, withdrawn,
-- source_id, source_ref.
insert into variants values (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_offers
-- Rows of offers that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select offer_id, variant_id, kind, amount, currency, valid_from, valid_until, basis, ver, asserted_at, source_ref
from offers
qualify row_number() over (partition by offer_id order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_offers
-- Append one row to offers; the last five parameters are ver, asserted_at, withdrawn, source_id,
-- source_ref.
insert into offers values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_stock
-- Rows of stock that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select variant_id, quantity, ver, asserted_at, source_ref
from stock
qualify row_number() over (partition by variant_id order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_stock
-- Append one row to stock; the last five parameters are ver, asserted_at, withdrawn, source_id,
-- source_ref.
insert into stock values (?, ?, ?, ?, ?, ?, ?);

-- name: current_attributes
-- Rows of attributes that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select owner, name, language, words, amount, unit, ver, asserted_at, source_ref
from attributes
qualify row_number() over (partition by owner, name, language order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_attributes
-- Append one row to attributes; the last five parameters are ver, asserted_at, withdrawn,
-- source_id, source_ref.
insert into attributes values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_policies
-- Rows of policies that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select kind, sku, region, low, high, fee, free_from, currency, ver, asserted_at, source_ref
from policies
qualify row_number() over (partition by kind, sku, region order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_policies
-- Append one row to policies; the last five parameters are ver, asserted_at, withdrawn,
-- source_id, source_ref.
insert into policies values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_faq
-- Rows of faq that hold now: the newest of each key, withdrawn ones left out. Last three columns:
-- ver, asserted_at, source_ref.
select faq_id, sku, language, question, answer, ver, asserted_at, source_ref
from faq
qualify row_number() over (partition by faq_id, language order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_faq
-- Append one row to faq; the last five parameters are ver, asserted_at, withdrawn, source_id,
-- source_ref.
insert into faq values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_claims
-- Rows of claims that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select claim_id, sku, claim, issuer, number, document, approved_by, valid_from, valid_until, ver, asserted_at, source_ref
from claims
qualify row_number() over (partition by claim_id order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_claims
-- Append one row to claims; the last five parameters are ver, asserted_at, withdrawn, source_id,
-- source_ref.
insert into claims values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: current_figures
-- Rows of figures that hold now: the newest of each key, withdrawn ones left out. Last three
-- columns: ver, asserted_at, source_ref.
select sku, kind, amount, scale, begins, ends, document, ver, asserted_at, source_ref
from figures
qualify row_number() over (partition by sku, kind order by ver desc) = 1 and not withdrawn
order by ver;

-- name: add_figures
-- Append one row to figures; the last five parameters are ver, asserted_at, withdrawn, source_id,
-- source_ref.
insert into figures values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: history
-- All that was ever said of one product, oldest first: part, key, content as JSON, ver,
-- asserted_at, withdrawn, source_ref. Parameter: $sku.
select * from (
    select 'products' as part, concat_ws('/', sku) as key,
        to_json({'number': number, 'category': category, 'image': image})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from products where sku = $sku
    union all
    select 'variants' as part, concat_ws('/', variant_id) as key,
        to_json({'colour': colour, 'size': size})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from variants where sku = $sku
    union all
    select 'offers' as part, concat_ws('/', offer_id) as key,
        to_json({'variant_id': variant_id, 'kind': kind, 'amount': amount::varchar, 'currency': currency, 'valid_from': valid_from, 'valid_until': valid_until, 'basis': basis})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from offers where variant_id in (select variant_id from variants where sku = $sku)
    union all
    select 'stock' as part, concat_ws('/', variant_id) as key,
        to_json({'quantity': quantity})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from stock where variant_id in (select variant_id from variants where sku = $sku)
    union all
    select 'attributes' as part, concat_ws('/', owner, name, language) as key,
        to_json({'words': words, 'amount': amount::varchar, 'unit': unit})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from attributes where owner = $sku or owner in (select 'variant:' || variant_id from variants where sku = $sku)
    union all
    select 'policies' as part, concat_ws('/', kind, sku, region) as key,
        to_json({'low': low, 'high': high, 'fee': fee::varchar, 'free_from': free_from::varchar, 'currency': currency})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from policies where sku = $sku
    union all
    select 'faq' as part, concat_ws('/', faq_id, language) as key,
        to_json({'question': question, 'answer': answer})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from faq where sku = $sku
    union all
    select 'claims' as part, concat_ws('/', claim_id) as key,
        to_json({'claim': claim, 'issuer': issuer, 'number': number, 'document': document, 'approved_by': approved_by, 'valid_from': valid_from, 'valid_until': valid_until})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from claims where sku = $sku
    union all
    select 'figures' as part, concat_ws('/', sku, kind) as key,
        to_json({'amount': amount::varchar, 'scale': scale::varchar, 'begins': begins, 'ends': ends, 'document': document})::varchar as content,
        ver, asserted_at, withdrawn, source_ref
    from figures where sku = $sku
) order by ver;

-- name: find_vectors
-- The stored vectors of a model. Parameter: model.
select sha256, vector from vectors where model = ?;

-- name: add_vector
-- Store the vector of a text. Parameters: model, sha256, vector.
insert or ignore into vectors values (?, ?, ?);

-- name: withdrawals
-- The newest withdrawal of a variant by product: sku, ver. What is summed over variants changes
-- with it.
select sku, max(ver) from variants where withdrawn group by sku;
