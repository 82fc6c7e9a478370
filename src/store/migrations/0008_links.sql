-- Sign-in at identity providers, and personal links; docs/decisions/0054.

-- A sign-in that has been sent to an identity provider and has not come back.
create table upstream_sign_in (
  state bytea primary key, -- SHA-256 of OAuth's state: taken once
  sealed bytea not null, -- nonce, PKCE verifier, DPoP key, the browser's binding, the way back
  expires int8 not null -- ms since 1970
);

create index upstream_sign_in_expires on upstream_sign_in (expires);

-- What signing out at the identity provider needs.
create table upstream_session (
  session text collate "C" primary key,
  provider text collate "C" not null,
  sealed bytea not null, -- the id_token
  expires int8 not null
);

create index upstream_session_expires on upstream_session (expires);

-- Personal links: the secret itself is known to who got the notice alone.
create table order_link (
  hash bytea primary key, -- SHA-256 of the secret
  task text collate "C" not null, -- the id of the order
  created int8 not null
);

create index order_link_task on order_link (task);
create index order_link_created on order_link (created);
