-- Sign-in for programs: OAuth 2.1, OpenID Connect, SMART App Launch. docs/decisions/0052-oauth.md.
-- No clinical data. Times are ms since 1970; what is past its time is deleted (src/identity/oauth/cleaning.ts).

-- Programs that may ask for tokens, as an operator registered them.
create table oauth_client (
  id text collate "C" primary key,
  name text not null,
  kind text not null, -- system or app
  secret bytea, -- SHA-256 of a secret of 256 random bits
  jwks text, -- public keys, JSON
  jwks_uri text,
  redirect_uris text[] not null,
  launch_uri text,
  scopes text[] not null,
  policy text,
  organization text,
  open_references bool not null,
  lenient_search bool not null,
  preapproved bool not null, -- people are not asked for their consent
  cors_origins text[] not null,
  created int8 not null
);

-- Keys that sign tokens; the newest of an algorithm signs, the others verify until they retire.
create table oauth_key (
  kid text collate "C" primary key,
  sealed bytea not null, -- the private key, JSON Web Key
  created int8 not null,
  retires int8
);

-- What the authorization server remembers between two requests: codes, refresh tokens, grants, sign-ins under way.
create table oauth_state (
  kind text collate "C" not null,
  id bytea not null, -- SHA-256 of the code or token
  sealed bytea not null,
  grant_id text collate "C",
  uid bytea,
  consumed int8,
  expires int8 not null,
  primary key (kind, id)
);
create index oauth_state_grant on oauth_state (grant_id) where grant_id is not null;
create index oauth_state_uid on oauth_state (uid) where uid is not null;
create index oauth_state_expires on oauth_state (expires);

-- Who lets which program act; no token of a grant is worth anything once its row is gone.
create table oauth_grant (
  id text collate "C" primary key,
  client text collate "C" not null,
  account text collate "C" not null,
  session text collate "C" not null,
  offline bool not null, -- outlives the session's ordinary end
  sealed bytea not null, -- role, patient and how sure it is
  expires int8 not null
);
create index oauth_grant_session on oauth_grant (session);
create index oauth_grant_account on oauth_grant (account);
create index oauth_grant_expires on oauth_grant (expires);

-- Contexts of EHR launches, not yet taken up.
create table oauth_launch (
  id bytea primary key, -- SHA-256 of the launch parameter
  sealed bytea not null,
  expires int8 not null
);

-- What may be used once (jti of assertions and of DPoP proofs), and system tokens that were revoked.
create table oauth_used (
  id bytea primary key, -- SHA-256
  expires int8 not null
);
create index oauth_used_expires on oauth_used (expires);
