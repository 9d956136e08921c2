-- The list and what hangs on it. Decimals are numeric: no figure of the document is ever rounded by storage.

create extension if not exists postgis;

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  origin text not null,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb
);
create index audit_subject on audit (subject, id);

-- Append-only, also against our own mistakes.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = '42501';
end $$;
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function audit_is_append_only();

-- A task list as it came: the file itself, what the door and the reader made of it, and what a person made of that.
create table task_list (
  id int generated always as identity primary key,
  version int not null default 1,
  status text not null default 'draft' check (status in ('draft', 'stored', 'discarded')),
  name text not null,
  format text not null check (format in ('text', 'docx', 'xlsx', 'xls', 'csv', 'markdown', 'html', 'pdf')),
  bytes bytea not null,
  sha256 text not null,
  source jsonb not null,
  reading jsonb not null,
  corrections jsonb not null default '[]',
  confirmed jsonb not null default '[]',
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

create table plan (
  id int generated always as identity primary key,
  year int not null unique,
  district_code text not null,
  district text not null,
  title text not null,
  starts_on date not null,
  ends_on date not null,
  task_list_id int not null references task_list,
  -- Grows with every write that changes what the plan's pages show; names the version in ETags and caches.
  revision int not null default 1,
  stored_at timestamptz not null default now()
);

create table category (
  plan_id int not null references plan on delete cascade,
  no int not null,
  name text not null,
  primary key (plan_id, no)
);

create table task (
  plan_id int not null references plan on delete cascade,
  no int not null,
  municipal_no int,
  category_no int not null,
  name text not null,
  requirement text not null,
  leads text[] not null,
  partners text[] not null,
  deadline date,
  deadline_text text not null,
  town_text text not null,
  towns text[] not null,
  mechanisms jsonb not null,
  place jsonb not null,
  primary key (plan_id, no),
  foreign key (plan_id, category_no) references category
);

create table measure (
  plan_id int not null,
  id text not null,
  task_no int not null,
  ordinal int not null,
  name text not null,
  unit text not null,
  kind text not null check (kind in ('amount', 'count', 'length', 'rate', 'keep', 'stage')),
  direction text not null check (direction in ('atLeast', 'atMost')),
  allocation text not null check (allocation in ('named', 'each', 'together', 'total')),
  target numeric,
  target_text text,
  target_source jsonb,
  primary key (plan_id, id),
  unique (plan_id, task_no, ordinal),
  foreign key (plan_id, task_no) references task on delete cascade
);

create table milestone (
  plan_id int not null,
  measure_id text not null,
  ordinal int not null,
  name text not null,
  due date not null,
  share numeric not null check (share >= 0 and share <= 1),
  source jsonb,
  primary key (plan_id, measure_id, ordinal),
  foreign key (plan_id, measure_id) references measure on delete cascade
);

create table quota (
  plan_id int not null,
  measure_id text not null,
  town text not null,
  ordinal int not null,
  target numeric,
  source jsonb,
  requirement_source jsonb,
  town_source jsonb,
  primary key (plan_id, measure_id, town),
  foreign key (plan_id, measure_id) references measure on delete cascade
);

-- What the reader found odd and how a person settled it.
create table problem (
  plan_id int not null references plan on delete cascade,
  key text not null,
  ordinal int not null,
  record jsonb not null,
  settled text not null check (settled in ('confirmed', 'corrected', 'noted')),
  primary key (plan_id, key)
);

-- Thresholds of the lights: data of the plan, versioned, contiguous (0 < green < yellow).
create table light_rule (
  plan_id int not null references plan on delete cascade,
  version int not null,
  valid_from date not null,
  green numeric not null check (green >= 0),
  yellow numeric not null,
  primary key (plan_id, version),
  check (yellow > green)
);

create table month (
  plan_id int not null references plan on delete cascade,
  id text not null check (id ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  opens_on date not null,
  due_on date not null,
  closed_on date,
  primary key (plan_id, id)
);

create table report (
  id bigint generated always as identity primary key,
  plan_id int not null,
  measure_id text not null,
  town text not null,
  month text not null,
  value numeric,
  words text not null default '',
  state text not null check (state in ('draft', 'submitted', 'approved', 'returned', 'published')),
  submitted_at timestamptz,
  approved_at timestamptz,
  demo boolean not null,
  unique (plan_id, measure_id, town, month),
  foreign key (plan_id, measure_id, town) references quota (plan_id, measure_id, town) on delete cascade,
  foreign key (plan_id, month) references month
);
