-- Patients' rights. docs/decisions/0057.

-- Keys that consents are signed by. Public parts are kept for ever; the private part of one alone, sealed.
create table signing_key (
  kid text collate "C" primary key, -- RFC 7638 thumbprint
  created int8 not null, -- ms since 1970
  public_jwk text not null,
  sealed bytea -- private JWK, until the next key takes over
);

-- That a patient was erased, when, by whom and why: nothing of the patient but the number that this server gave.
create table erasure (
  shard int2 not null,
  patient int8 not null,
  at int8 not null, -- ms since 1970
  by text not null, -- Practitioner/x
  basis text not null, -- a code
  primary key (shard, patient)
);

-- Ids that clients gave to what was erased, as an HMAC under the server's secret, so that they do not come back.
create table erased_id (
  digest bytea primary key
);
