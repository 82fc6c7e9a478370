-- Storage of resources. docs/architecture.md explains every table, its keys, and what a crash between two steps leaves.
-- Rules (docs/decisions/0002): no foreign keys, no sequence, every primary key of a table with patient data begins with
-- shard, so that the schema can be distributed by shard as it is.

create table setting (
  name text primary key,
  value text not null
);

-- The current version of every resource; a deleted one stays as a tombstone with empty content.
create table resource (
  shard int2 not null,
  type int2 not null,
  version int4 not null,
  rid int8 not null,
  updated int8 not null, -- ms since 1970
  date int8, -- the type's leading clinical date, ms since 1970
  patient int8, -- rid of the patient in whose compartment it is
  deleted bool not null,
  id text collate "C", -- only where a client gave the id
  present bytea not null, -- bit n: search parameter with ordinal n has a value
  content text collate "C" not null, -- the complete JSON text
  primary key (shard, rid)
) with (toast_tuple_target = 256, fillfactor = 95);
alter table resource alter column content set storage main;
create index resource_type_updated on resource (type, updated, rid);
create index resource_type_rid on resource (type, rid);

-- Superseded versions.
create table history (
  shard int2 not null,
  type int2 not null,
  version int4 not null,
  rid int8 not null,
  updated int8 not null,
  deleted bool not null,
  id text collate "C",
  content text collate "C" not null,
  primary key (shard, rid, version)
) with (toast_tuple_target = 256);
alter table history alter column content set storage main;
create index history_type_updated on history (type, updated, rid);

-- Where a resource lives whose id a client gave.
create table locator (
  type int2 not null,
  id text collate "C" not null,
  rid int8 not null,
  primary key (type, id)
);

-- Postings: h = hashtextextended(key, seed). See src/search/keys.ts.
create table token_idx (
  h int8 not null,
  rid int8 not null,
  param int4 not null, -- the low 32 bits of the hash of `Type.code`: a parameter's rows can be removed
  shard int2 not null
);
create index token_idx_h on token_idx (h, rid);

create table range_idx (
  h int8 not null,
  rid int8 not null,
  lo float8 not null,
  hi float8 not null,
  param int4 not null,
  shard int2 not null
);
create index range_idx_lo on range_idx (h, lo, rid);
create index range_idx_long on range_idx (h, hi, rid) where hi - lo > 86400000;
create index range_idx_rid on range_idx (rid, h); -- a search that has the resource tests or sorts by its values

create table string_idx (
  h int8 not null,
  rid int8 not null,
  param int4 not null,
  shard int2 not null,
  value text collate "C" not null,
  exact text collate "C" -- null where it equals value
);
create index string_idx_value on string_idx (h, value, rid);
create index string_idx_rid on string_idx (rid, h);

-- What is still to be done for a committed write: one row for each follow bot that cares. In order per stream (patient).
create table outbox (
  shard int2 not null,
  n int8 not null, -- position within the shard, given under the shard's advisory lock
  stream int8 not null, -- rid of the patient, or of the resource itself
  bot text not null,
  type int2 not null,
  rid int8 not null,
  version int4 not null,
  interaction text not null,
  due int8 not null, -- ms since 1970; not before
  attempts int2 not null default 0,
  parked bool not null default false,
  problem text,
  primary key (shard, n)
);
create index outbox_due on outbox (due, shard, n) where not parked;

-- Search parameters: which are complete (searchable), and with which definition their rows were made.
create table search_parameter (
  type int2 not null,
  code text not null,
  ordinal int2 not null,
  fingerprint text not null,
  complete bool not null,
  primary key (type, code)
);

-- The last due time (ms since 1970) of each cron bot that was done.
create table cron_run (
  bot text primary key,
  last int8 not null
);
