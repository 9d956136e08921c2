-- What is reported besides numbers, and what proves it.

create function person_may_touch_task(plan int, task int, unit text) returns boolean language sql stable as $$
  select coalesce(current_setting('xiangtu.everywhere', true), '') = 'on'
      or unit = any (string_to_array(coalesce(current_setting('xiangtu.towns', true), ''), ','))
      or exists (
        select 1 from task t
        where t.plan_id = plan and t.no = task
          and t.leads && string_to_array(coalesce(current_setting('xiangtu.departments', true), ''), ','))
$$;

-- A text or file a month or quarter, an inspection made, findings looked for, a milestone reached. The same states as reports have.
create table submission (
  id bigint generated always as identity primary key,
  plan_id int not null,
  task_no int not null,
  kind text not null check (kind in ('submission', 'inspection', 'finding', 'milestone')),
  -- Of a milestone: the measure and its place in it, 13.1/2.
  item text not null default '',
  town text not null,
  -- The last month of the period.
  month text not null,
  version int not null,
  state text not null check (state in ('draft', 'submitted', 'endorsed', 'approved', 'returned', 'published')),
  done boolean,
  words text not null default '',
  reason text,
  entered_by text not null,
  changed_at timestamptz not null,
  submitted_at timestamptz,
  approved_at timestamptz,
  approved_version int,
  demo boolean not null,
  unique (plan_id, task_no, kind, item, town, month),
  foreign key (plan_id, task_no) references task on delete cascade,
  foreign key (plan_id, month) references month on delete cascade
);
create index submission_sheet on submission (plan_id, month, town);

create table submission_version (
  submission_id bigint not null references submission on delete cascade,
  version int not null,
  at timestamptz not null,
  by text not null,
  act text not null check (act in ('save', 'submit', 'withdraw', 'correct', 'endorse', 'approve', 'return', 'publish')),
  state text not null check (state in ('draft', 'submitted', 'endorsed', 'approved', 'returned', 'published')),
  done boolean,
  words text not null,
  reason text,
  primary key (submission_id, version)
);
create trigger submission_version_kept before update on submission_version for each statement execute function report_version_is_kept();

alter table submission enable row level security;
create policy submission_seen on submission for select using (true);
create policy submission_added on submission for insert with check (person_may_touch_task(plan_id, task_no, town));
create policy submission_changed on submission for update
  using (person_may_touch_task(plan_id, task_no, town)) with check (person_may_touch_task(plan_id, task_no, town));
alter table submission_version enable row level security;
create policy submission_version_seen on submission_version for select using (true);
create policy submission_version_added on submission_version for insert
  with check (exists (select 1 from submission s where s.id = submission_id and person_may_touch_task(s.plan_id, s.task_no, s.town)));

-- Photos and files. Taken away ones are marked, never deleted: a reviewer may have seen them.
create table attachment (
  id bigint generated always as identity primary key,
  plan_id int not null,
  task_no int not null,
  town text not null,
  month text not null,
  -- A measure (14.1), or a submission of the task (17/finding).
  subject text not null,
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
  demo boolean not null,
  foreign key (plan_id, task_no) references task on delete cascade,
  foreign key (plan_id, month) references month on delete cascade
);
create index attachment_cell on attachment (plan_id, month, town, subject);
create index attachment_place on attachment using gist (place);
alter table attachment enable row level security;
create policy attachment_seen on attachment for select using (true);
create policy attachment_added on attachment for insert with check (person_may_touch_task(plan_id, task_no, town));
create policy attachment_changed on attachment for update
  using (person_may_touch_task(plan_id, task_no, town)) with check (person_may_touch_task(plan_id, task_no, town));
