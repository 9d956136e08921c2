-- The findings ledger (问题台账): located problems, every step of their way as a version that stays, and their photos.

create table finding (
  id bigint generated always as identity primary key,
  plan_id int not null,
  task_no int not null,
  -- By its place; the park, which has no boundary, by what was said.
  town text not null,
  -- The boundaries in use say another town, or none, so near to the border that the person was believed.
  at_border boolean not null default false,
  -- Counts within the plan.
  no int not null,
  -- The number that it had in a ledger kept elsewhere.
  ref text,
  title text not null check (title <> ''),
  words text not null default '',
  address text not null default '',
  source text not null check (source in ('self', 'patrol', 'inspection', 'public')),
  code text check (code in ('red', 'yellow', 'green')),
  -- WGS84.
  place geometry(Point, 4326) not null,
  found_on date not null,
  due_on date not null,
  state text not null check (state in ('hung', 'fixed', 'struck', 'checked', 'cancelled')),
  -- The words of the last step, and the days of each that stands.
  step_words text not null default '',
  fixed_on date,
  struck_on date,
  checked_on date,
  version int not null default 1,
  entered_by text not null,
  changed_at timestamptz not null,
  demo boolean not null,
  check (due_on >= found_on),
  unique (plan_id, no),
  unique (plan_id, task_no, ref),
  foreign key (plan_id, task_no) references task on delete cascade
);
create index finding_town on finding (plan_id, town, task_no);
create index finding_due on finding (plan_id, due_on) where state = 'hung';
create index finding_place on finding using gist (place);

create table finding_version (
  finding_id bigint not null references finding on delete cascade,
  version int not null,
  at timestamptz not null,
  by text not null,
  act text not null check (act in ('hang', 'edit', 'fix', 'strike', 'check', 'return', 'cancel')),
  state text not null check (state in ('hung', 'fixed', 'struck', 'checked', 'cancelled')),
  words text not null default '',
  -- As they were then: what the counts of a past day are made from.
  found_on date not null,
  due_on date not null,
  fixed_on date,
  struck_on date,
  code text check (code in ('red', 'yellow', 'green')),
  -- Of an edit, what it changed: {"title": ["before", "after"]}.
  changed jsonb,
  primary key (finding_id, version)
);
create function finding_version_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'versions of findings are append-only' using errcode = '42501';
end $$;
create trigger finding_version_kept before update on finding_version for each statement execute function finding_version_is_kept();

create table finding_photo (
  id bigint generated always as identity primary key,
  finding_id bigint not null references finding on delete cascade,
  stage text not null check (stage in ('found', 'fixed')),
  name text not null,
  -- By its content, never by its name.
  type text not null check (type in ('jpeg', 'png', 'webp', 'pdf', 'docx', 'xlsx')),
  size int not null check (size > 0),
  sha256 text not null,
  bytes bytea not null,
  -- Of a photo, as the camera says: its own clock (no zone), and where it stood.
  taken_at text,
  place geometry(Point, 4326),
  added_by text not null,
  added_at timestamptz not null,
  removed_by text,
  removed_at timestamptz,
  demo boolean not null
);
create index finding_photo_of on finding_photo (finding_id);

-- The second wall, of reading too: a town has its own, a department the tasks that it leads; who may read all, the server says (server/database/wall.ts).
create function person_may_see_task(plan int, task int, unit text) returns boolean language sql stable as $$
  select coalesce(current_setting('xiangtu.findings', true), '') = 'on' or person_may_touch_task(plan, task, unit)
$$;
alter table finding enable row level security;
create policy finding_seen on finding for select using (person_may_see_task(plan_id, task_no, town));
create policy finding_added on finding for insert with check (person_may_touch_task(plan_id, task_no, town));
create policy finding_changed on finding for update
  using (person_may_touch_task(plan_id, task_no, town)) with check (person_may_touch_task(plan_id, task_no, town));
alter table finding_version enable row level security;
create policy finding_version_seen on finding_version for select using (exists (select 1 from finding f where f.id = finding_id));
create policy finding_version_added on finding_version for insert
  with check (exists (select 1 from finding f where f.id = finding_id and person_may_touch_task(f.plan_id, f.task_no, f.town)));
alter table finding_photo enable row level security;
create policy finding_photo_seen on finding_photo for select using (exists (select 1 from finding f where f.id = finding_id));
create policy finding_photo_added on finding_photo for insert
  with check (exists (select 1 from finding f where f.id = finding_id and person_may_touch_task(f.plan_id, f.task_no, f.town)));
create policy finding_photo_changed on finding_photo for update
  using (exists (select 1 from finding f where f.id = finding_id and person_may_touch_task(f.plan_id, f.task_no, f.town)))
  with check (exists (select 1 from finding f where f.id = finding_id and person_may_touch_task(f.plan_id, f.task_no, f.town)));

-- Numbers count over the whole plan, also for who sees only a part of it.
create function finding_numbers(plan int) returns table (no int) language sql stable security definer set search_path = public as $$
  select max(no) from finding where plan_id = plan
$$;
create function finding_refs(plan int) returns table (task_no int, ref text) language sql stable security definer set search_path = public as $$
  select task_no, ref from finding where plan_id = plan and ref is not null
$$;
