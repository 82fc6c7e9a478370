-- Subscriptions by websocket: which search an open page is told about; docs/decisions/0073. Lost in a crash of the
-- database, as are the connections that they are for.
create unlogged table live_subscription (
  id text collate "C" primary key,
  session text collate "C" not null, -- the sign-in that it is for
  criteria bytea not null, -- sealed: a search may name a patient
  expires int8 not null -- ms since 1970
);

create index live_subscription_session on live_subscription (session, expires);
create index live_subscription_expires on live_subscription (expires);
