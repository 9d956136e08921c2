-- Who may come in. Accounts are disabled, never deleted: their names stand in every version, entry and order they ever made.

create table account (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
  -- How people call them.
  person text not null,
  email text,
  -- argon2id, as a PHC string; null: signs in by single sign-on only.
  password text,
  must_change boolean not null default false,
  failures int not null default 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  -- Issuer and subject of single sign-on, once it has been used.
  sso text unique,
  demo boolean not null default false,
  version int not null default 1,
  created_at timestamptz not null default now()
);

create table account_role (
  account text not null references account,
  role text not null check (role in ('leader', 'office', 'department', 'reporter', 'approver', 'planner', 'auditor', 'admin')),
  -- A town's code, a department's name, or '' for the district.
  scope text not null default '',
  primary key (account, role, scope)
);

-- The cookie's value is never stored, only its hash.
create table session (
  token_hash text primary key,
  account text not null references account,
  -- An administrator looks as this person, read-only.
  looks_as text references account,
  origin text not null,
  agent text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  -- What a person can name a session by without knowing its secret.
  id int generated always as identity unique
);
create index session_account on session (account) where ended_at is null;

-- The trail says who in a form that can be searched, and on whose behalf.
alter table audit add column looks_as text;
create index audit_actor on audit (actor, id);
create index audit_at on audit (at);
