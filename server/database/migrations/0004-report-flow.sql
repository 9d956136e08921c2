-- Reports that go through hands: every change is a version with who, when and why; nothing is ever overwritten.

alter table plan add column review_levels text[] not null default '{department}'
  check (review_levels <@ array['town', 'department'] and 'department' = any (review_levels));

alter table month rename column closed_on to closes_on;
alter table month add column closed_on date;
update month set closes_on = coalesce(closes_on, due_on + 5);
alter table month alter column closes_on set not null;

alter table report drop constraint report_state_check,
  add constraint report_state_check check (state in ('draft', 'submitted', 'endorsed', 'approved', 'returned', 'published'));
alter table report
  add column version int not null default 1,
  add column changed_at timestamptz not null default now(),
  -- Account that last changed the value.
  add column entered_by text not null default 'first start',
  -- Warnings that were answered: [{warning, reason}].
  add column answers jsonb not null default '[]',
  -- Why it was returned, or corrected.
  add column reason text,
  -- The value that counts, whatever came after it.
  add column approved_value numeric,
  add column approved_version int;
-- Until now there was no correction: what is approved is what stands there.
update report set approved_value = value, approved_version = 2 where state in ('approved', 'published');
update report set version = 2 where approved_version = 2;

create table report_version (
  report_id bigint not null references report on delete cascade,
  version int not null,
  at timestamptz not null,
  by text not null,
  act text not null check (act in ('save', 'submit', 'withdraw', 'correct', 'endorse', 'approve', 'return', 'publish')),
  state text not null check (state in ('draft', 'submitted', 'endorsed', 'approved', 'returned', 'published')),
  value numeric,
  words text not null,
  answers jsonb not null default '[]',
  reason text,
  primary key (report_id, version)
);
insert into report_version (report_id, version, at, by, act, state, value, words)
  select id, 1, coalesce(submitted_at, now()), entered_by, 'submit', 'submitted', value, words from report
  union all
  select id, 2, coalesce(approved_at, now()), entered_by, 'approve', 'approved', value, words from report where approved_version = 2;

create function report_version_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'versions of reports are append-only' using errcode = '42501';
end $$;
create trigger report_version_kept before update on report_version for each statement execute function report_version_is_kept();

-- The second wall: the server's transactions run as a role without rights of its own (see server/database/wall.ts), which may touch a
-- town's report only when the person of the transaction may. The owner of the tables (migrations, first start) is not bound by it.
create function person_may_touch(plan int, measure text, unit text) returns boolean language sql stable as $$
  select coalesce(current_setting('xiangtu.everywhere', true), '') = 'on'
      or unit = any (string_to_array(coalesce(current_setting('xiangtu.towns', true), ''), ','))
      or exists (
        select 1 from measure m join task t on t.plan_id = m.plan_id and t.no = m.task_no
        where m.plan_id = plan and m.id = measure
          and t.leads && string_to_array(coalesce(current_setting('xiangtu.departments', true), ''), ','))
$$;
alter table report enable row level security;
create policy report_seen on report for select using (true);
create policy report_added on report for insert with check (person_may_touch(plan_id, measure_id, town));
create policy report_changed on report for update using (person_may_touch(plan_id, measure_id, town)) with check (person_may_touch(plan_id, measure_id, town));
alter table report_version enable row level security;
create policy version_seen on report_version for select using (true);
create policy version_added on report_version for insert
  with check (exists (select 1 from report r where r.id = report_id and person_may_touch(r.plan_id, r.measure_id, r.town)));
