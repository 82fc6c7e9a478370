-- Rows of two search parameters that the first version did not have, for what it stored: Location.near and
-- Patient.birthOrderBoolean. What is written from now on has them by src/search/extract; tests/search/migration.test.ts
-- compares the two.

insert into range_idx (h, rid, lo, hi, param, shard)
select hashtextextended(E'Location.near\n##', s.value::int8), r.rid, p.latitude, p.longitude,
  hashtextextended('Location.near', 0)::bit(32)::int4, r.shard
from setting s, resource r, lateral (select
  (r.content::json #>> '{position,latitude}')::float8 as latitude,
  (r.content::json #>> '{position,longitude}')::float8 as longitude) p
where s.name = 'hash_seed' and r.type = 71 and not r.deleted
  and p.latitude between -90 and 90 and p.longitude between -180 and 180;

-- bit 15 of the bitmap
update resource r set present = set_bit(
  r.present || decode(repeat('00', greatest(0, 2 - octet_length(r.present))), 'hex'), 15, 1)
where r.type = 71 and not r.deleted and r.content::json -> 'position' is not null;

create temporary table multiple_birth on commit drop as
select r.shard, r.rid, coalesce(r.content::json ->> 'multipleBirthBoolean',
  ((r.content::json ->> 'multipleBirthInteger')::numeric > 0)::text) as value
from resource r where r.type = 103 and not r.deleted and strpos(r.content, '"multipleBirth') > 0;

insert into token_idx (h, rid, param, shard)
select hashtextextended(E'Patient.birthOrderBoolean\n=' || m.value, s.value::int8), m.rid,
  hashtextextended('Patient.birthOrderBoolean', 0)::bit(32)::int4, m.shard
from setting s, multiple_birth m where s.name = 'hash_seed' and m.value is not null;

-- bit 31
update resource r set present = set_bit(
  r.present || decode(repeat('00', greatest(0, 4 - octet_length(r.present))), 'hex'), 31, 1)
from multiple_birth m where m.value is not null and r.shard = m.shard and r.rid = m.rid;
