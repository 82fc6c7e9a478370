-- Who may see what. docs/architecture.md, "Access"; docs/decisions/0050.

-- What the access of a resource hangs on: its course (the rid of an EpisodeOfCare or ServiceRequest), else the
-- Organization whose system stored it, else its patient. Null: about no patient and of no hospital.
alter table resource add column anchor int8;
alter table history add column anchor int8;
alter table history add column patient int8;

-- What is in the reach of a caller who may see few: one patient's, or a small hospital's.
create index resource_anchor on resource (anchor, type) where anchor is not null;
create index resource_patient on resource (patient, type) where patient is not null;

-- To whom an anchor belongs. A label is `Organization/x` (the hospital), `Organization/x PlanDefinition/y` (the hospital,
-- within one registry), `Organization/x *` (the hospital, in no registry yet) or `ResearchStudy/z` (a national registry).
create table tie (
  shard int2 not null,
  rid int8 not null, -- the anchor
  label text collate "C" not null,
  given bool not null, -- by who stored it; the others follow from resources and can be made again
  primary key (shard, rid, label)
);
create index tie_label on tie (label, rid);

-- Patients whose record is restricted (GDPR, article 18): staff see nothing of it.
create table restriction (
  shard int2 not null,
  patient int8 not null,
  since int8 not null, -- ms since 1970
  primary key (shard, patient)
);
