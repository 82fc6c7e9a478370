-- Who has seen and changed what about whom. docs/decisions/0056-audit.md. No statement of Svar changes or deletes rows
-- of these tables, apart from patient_key: a patient who is erased takes its key along, and what it opened with it.

-- The key of a patient, sealed by the server's secret. What the audit holds about the patient is encrypted by it.
create table patient_key (
  shard int2 not null,
  patient int8 not null,
  sealed bytea not null,
  primary key (shard, patient)
);

-- A chain is what one process seals, from its start to its end.
create table audit_chain (
  chain int4 primary key,
  started int8 not null, -- ms since 1970, as all times of the audit by the machine's clock
  heads bytea not null -- where other chains stood then: chain, number and hash of each
);

-- Who acted, each once: ids alone, encrypted.
create table audit_agent (
  id int8 primary key, -- a keyed hash of what is sealed
  patient int8, -- the surrogate of the patient who acts, by whose key it is sealed; null: by the server's
  sealed bytea not null
);

create table audit (
  n int8 not null, -- position in the chain
  at int8 not null,
  agent int8 not null,
  patient int8, -- surrogate of the patient
  mac int8 not null, -- over all other columns
  chain int4 not null,
  interaction int2 not null,
  type int2, -- of the request's path
  status int2 not null, -- HTTP's
  operation text collate "C",
  sealed bytea, -- which resources, in which versions
  primary key (chain, n)
);
create index audit_patient on audit (patient, at) where patient is not null;
create index audit_at on audit using brin (at);

-- A link of a chain: the hash of the link before it and of some rows.
create table audit_seal (
  chain int4 not null,
  number int4 not null,
  at int8 not null,
  low int8 not null, -- rows below it that no link holds were never stored
  high int8 not null, -- the highest row that it holds
  kind int2 not null, -- 0 of a process at work, 1 its last, 2 made later for a process that was killed
  rows bytea not null, -- which rows it holds
  hash bytea not null,
  primary key (chain, number)
);

-- What was stored before it has no rows.
insert into setting (name, value) values ('audit_since', (extract(epoch from clock_timestamp()) * 1000)::int8::text);
