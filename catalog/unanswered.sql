-- Questions that the catalog had no answer to. No facts, so rows are updated, and go in time.

-- name: make_unanswered
-- The table, in a file that has none yet. Text is capped and holds no name of who asked.
create table if not exists unanswered (
    question_id varchar not null,
    text varchar not null,
    language varchar not null,
    sku varchar not null,
    asked bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null
);

-- name: find_unanswered
-- All of them: question_id, text, language, sku, asked, first_at, last_at.
select question_id, text, language, sku, asked, first_at, last_at from unanswered;

-- name: add_unanswered
-- Keep a question. Parameters: as the columns.
insert into unanswered values (?, ?, ?, ?, ?, ?, ?);

-- name: ask_again
-- Asked again. Parameters: asked, last_at, question_id.
update unanswered set asked = ?, last_at = ? where question_id = ?;

-- name: drop_unanswered
-- Answered, dismissed or too old. Parameter: question_id.
delete from unanswered where question_id = ?;
