-- Months that are closed and frozen, their meetings, and what is put before the public.

alter table month add column version int not null default 1;

-- What was done to a month, by whom and why; lines are only added.
create table month_act (
  id bigint generated always as identity primary key,
  plan_id int not null,
  month text not null,
  act text not null check (act in ('dates', 'close', 'reopen')),
  at timestamptz not null,
  by text not null,
  reason text not null default '',
  detail jsonb not null,
  foreign key (plan_id, month) references month on delete cascade
);
create index month_act_month on month_act (plan_id, month, id);

-- A month as it was closed. The content is canonical JSON (geo/frozen/canonical), kept as text so that its hash can be computed again.
create table month_freeze (
  plan_id int not null,
  month text not null,
  version int not null,
  at timestamptz not null,
  by text not null,
  sha256 text not null,
  content text not null,
  primary key (plan_id, month, version),
  foreign key (plan_id, month) references month on delete cascade
);

create table meeting (
  plan_id int not null,
  month text not null,
  version int not null default 1,
  held_on date,
  place text not null default '',
  chair text not null default '',
  words text not null default '',
  primary key (plan_id, month),
  foreign key (plan_id, month) references month on delete cascade
);

create table decision (
  id int generated always as identity primary key,
  plan_id int not null,
  month text not null,
  kind text not null check (kind in ('order', 'note')),
  task_no int,
  -- Who has to act: a town's code, or a department's name.
  town text,
  department text,
  words text not null,
  due_on date,
  at timestamptz not null,
  by text not null,
  -- The supervision order that came of it.
  order_id int references supervision_order on delete set null,
  foreign key (plan_id, month) references month on delete cascade
);
create index decision_month on decision (plan_id, month);

-- What later meetings found, one line each; the newest counts.
create table decision_outcome (
  id int generated always as identity primary key,
  decision_id int not null references decision on delete cascade,
  month text not null,
  outcome text not null check (outcome in ('done', 'going-on', 'dropped')),
  words text not null,
  at timestamptz not null,
  by text not null
);
create index decision_outcome_decision on decision_outcome (decision_id, id);

-- A notice outlives the plan that its figures are of: what was published stays readable whatever is imported later.
create table notice (
  id int generated always as identity primary key,
  plan_id int references plan on delete set null,
  year int not null,
  version int not null default 1,
  -- The office's working copy (geo/notice/notice).
  draft jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  changed_at timestamptz not null,
  -- The newest version that the public sees; null: none yet.
  published int
);

create table notice_version (
  notice_id int not null references notice,
  version int not null,
  at timestamptz not null,
  by text not null,
  sha256 text not null,
  content text not null,
  primary key (notice_id, version)
);

create function notice_version_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'what was published is append-only' using errcode = '42501';
end $$;
create trigger notice_version_kept before update or delete or truncate on notice_version for each statement execute function notice_version_is_kept();
create trigger month_freeze_kept before update on month_freeze for each statement execute function notice_version_is_kept();

create table objection (
  id int generated always as identity primary key,
  notice_id int not null references notice,
  -- The version that was before the person's eyes.
  notice_version int not null,
  at timestamptz not null,
  origin text not null,
  name text not null default '',
  contact text not null default '',
  words text not null,
  state text not null default 'received' check (state in ('received', 'shown', 'kept')),
  answer text not null default '',
  answered_by text,
  answered_at timestamptz,
  version int not null default 1
);
create index objection_notice on objection (notice_id, id);
create index objection_at on objection (at);
