-- Supervision orders (督办单): an owner, a due day, an answer and a closing; everything that happens to one is an event that stays.

create table supervision_order (
  id int generated always as identity primary key,
  plan_id int not null references plan on delete cascade,
  -- Counts within the plan: 督办〔2023〕7 号.
  no int not null,
  source text not null check (source in ('rule', 'meeting', 'person')),
  -- What it was issued for, so that the same thing is never issued twice: `red/14/310118105/2023-09-12`.
  source_key text,
  owner_town text,
  owner_department text,
  -- What it is about, where it is about something in the plan.
  task_no int,
  measure_id text,
  town text,
  month text,
  title text not null,
  demand text not null,
  issued_by text not null,
  issued_at timestamptz not null,
  due_on date not null,
  state text not null check (state in ('issued', 'answered', 'closed', 'cancelled')),
  answer text,
  answered_at timestamptz,
  closed_at timestamptz,
  version int not null default 1,
  changed_at timestamptz not null,
  demo boolean not null default false,
  check ((owner_town is null) <> (owner_department is null)),
  unique (plan_id, no),
  unique (plan_id, source_key),
  foreign key (plan_id, task_no) references task (plan_id, no) on delete cascade
);
create index supervision_order_open on supervision_order (plan_id, due_on) where state in ('issued', 'answered');

create table order_event (
  order_id int not null references supervision_order on delete cascade,
  version int not null,
  at timestamptz not null,
  by text not null,
  act text not null check (act in ('issue', 'answer', 'return', 'extend', 'close', 'cancel')),
  state text not null,
  words text not null,
  due_on date not null,
  primary key (order_id, version)
);
create function order_event_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'events of orders are append-only' using errcode = '42501';
end $$;
create trigger order_event_kept before update on order_event for each statement execute function order_event_is_kept();

-- The second wall: an order is changed by its owner or by who may issue orders (server/database/wall.ts sets xiangtu.orders).
create function person_may_order(unit text, department text) returns boolean language sql stable as $$
  select coalesce(current_setting('xiangtu.everywhere', true), '') = 'on'
      or coalesce(current_setting('xiangtu.orders', true), '') = 'on'
      or unit = any (string_to_array(coalesce(current_setting('xiangtu.towns', true), ''), ','))
      or department = any (string_to_array(coalesce(current_setting('xiangtu.departments', true), ''), ','))
$$;
alter table supervision_order enable row level security;
create policy order_seen on supervision_order for select using (true);
create policy order_added on supervision_order for insert with check (person_may_order(null, null));
create policy order_changed on supervision_order for update
  using (person_may_order(owner_town, owner_department)) with check (person_may_order(owner_town, owner_department));
alter table order_event enable row level security;
create policy order_event_seen on order_event for select using (true);
create policy order_event_added on order_event for insert
  with check (exists (select 1 from supervision_order o where o.id = order_id and person_may_order(o.owner_town, o.owner_department)));
