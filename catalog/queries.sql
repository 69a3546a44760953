-- The queries of the catalog that have a text of their own, by name. One statement each. Those that
-- every table of facts has alike are made in sql.py.

-- name: schema_version
-- The version of the schema that this file was made with.
select schema_version from about;

-- name: mark_schema
-- Say which version of the schema this file has.
insert into about values (?, 'candor');

-- name: tables
-- Names of all tables, to tell a catalog from some other database.
select table_name from information_schema.tables where table_schema = 'main';

-- name: next_source
-- The next free source_id.
select coalesce(max(source_id), 0) + 1 from sources;

-- name: live_source
-- The source_id that live changes are noted under, if there is one yet.
select source_id from sources where kind = 'live' limit 1;

-- name: find_vectors
-- The stored vectors of a model. Parameter: model.
select sha256, vector from vectors where model = ?;

-- name: add_vector
-- Store the vector of a text. Parameters: model, sha256, vector.
insert or ignore into vectors values (?, ?, ?);

-- name: add_source
-- Note where rows come from. Parameters: source_id, kind, uri, sha256, loaded_at, options.
insert into sources values (?, ?, ?, ?, ?, ?);

-- name: loads
-- All loads, newest first: uri, sha256, options, source_id, loaded_at.
select uri, sha256, options, source_id, loaded_at from sources
where kind <> 'live' order by source_id desc;

-- name: spine
-- Products that hold now: sku, number, category, by number.
select sku, number, category from products
qualify row_number() over (partition by sku order by ver desc) = 1 and not withdrawn
order by number, sku;

-- name: owner
-- The product that a variant is of, newest first. Parameter: variant_id.
select sku from variants where variant_id = ? order by ver desc limit 1;

-- name: answer_before
-- Where an answer stands that holds now: sku, question, answer. Parameters: faq_id, language.
select sku, question, answer from faq where faq_id = ? and language = ?
qualify row_number() over (order by ver desc) = 1 and not withdrawn;

-- name: columns
-- The columns of the tables: table, column, type.
select table_name, column_name, data_type from duckdb_columns()
where database_name = current_database() and schema_name = 'main' and not internal
order by table_name, column_index;
