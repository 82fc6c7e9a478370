-- Svar's own accounts and everyone's sessions; docs/decisions/0053. No patient data, so no shard: a patient's account
-- knows the id of its Patient, nothing more.

create table account (
  id text collate "C" primary key,
  login text collate "C" not null unique, -- folded, see loginName() in src/identity/accounts/account.ts
  password text, -- argon2id, with its parameters; null until the first password of one's own
  temporary text, -- argon2id of a password that was sent, and has to be replaced when it is used
  temporary_until int8, -- ms since 1970
  totp bytea, -- sealed; null: no authenticator app
  totp_step int8 not null default 0, -- the last time step whose code was used
  mobile bytea, -- sealed
  fhir_user text collate "C" not null, -- Practitioner/x or Patient/x
  state text collate "C" not null check (state in ('waiting', 'active', 'locked')),
  demo bool not null default false, -- of the demo: refused in production
  created int8 not null
);

create index account_fhir_user on account (fhir_user);

-- A sign-in that was completed, by whatever way; what callers carry (a cookie, tokens) hangs on it.
create table session (
  id text collate "C" primary key, -- no secret: it stands in tokens and in the audit
  hash bytea unique, -- SHA-256 of the cookie's value; null: tokens only
  subject text collate "C" not null, -- the account's id, or whom an identity provider named
  identity jsonb not null, -- fhirUser, role, strength, patient, order: as in src/identity/identity.ts
  created int8 not null,
  seen int8 not null,
  expires int8 not null, -- at the latest, however busy
  revoked int8
);

create index session_subject on session (subject);
create index session_expires on session (expires);

-- A sign-in under way: the password was right, the rest is still to come.
create table sign_in (
  hash bytea primary key, -- SHA-256 of the ticket
  account text collate "C" not null,
  asked jsonb not null, -- by whom and for what: a page's way back, or a client's scope and PKCE challenge
  second bool not null default false, -- the second factor has been shown
  renew bool not null, -- a password of one's own is to be chosen
  role text collate "C",
  code bytea, -- keyed hash of the code that was sent
  code_until int8,
  tries int2 not null default 0, -- of the code, or of the authenticator app
  totp bytea, -- sealed: the secret of an authenticator app that is being added
  expires int8 not null
);

create index sign_in_expires on sign_in (expires);

-- Failed sign-ins in a row, by a keyed hash of the name that was typed, whether there is such an account or not.
create table sign_in_failure (
  key bytea primary key,
  failures int4 not null,
  last int8 not null,
  next int8 not null -- no attempt is looked at before
);

-- Counts of rate-limiter-flexible, shared by all processes; what they count is keyed by a hash.
create unlogged table rate_limit (
  key varchar(255) primary key,
  points int4 not null default 0,
  expire int8
);
