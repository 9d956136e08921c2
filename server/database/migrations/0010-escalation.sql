-- Lights that escalate: records of every change, rules as versions, working days, inboxes, and messages on their way out.

-- Each change of a light as it was known on the day; never changed afterwards, also when a correction makes another history true.
create table light_record (
  id bigint generated always as identity primary key,
  plan_id int not null references plan on delete cascade,
  task_no int not null,
  measure_id text not null,
  town text not null,
  day date not null,
  light text not null check (light in ('grey', 'green', 'yellow', 'red')),
  before text check (before in ('grey', 'green', 'yellow', 'red')),
  reason_key text not null,
  reason_params jsonb not null,
  cause text not null check (cause in ('night', 'report', 'rule')),
  demo boolean not null default false,
  at timestamptz not null
);
create index light_record_cell on light_record (plan_id, measure_id, town, id);
create index light_record_day on light_record (plan_id, day) where light = 'red';
-- The last night that the lights of a plan were recorded for.
alter table plan add column lights_recorded_on date;

-- Thresholds say who set them, when and why.
alter table light_rule
  add column reason text not null default '',
  add column by text not null default 'first start',
  add column at timestamptz not null default now();

-- When people are reminded and when a red light becomes an order; the newest version holds.
create table reminder_rule (
  plan_id int not null references plan on delete cascade,
  version int not null,
  before_due int not null,
  overdue_every int not null,
  red_months int not null,
  order_days int not null,
  order_before int not null,
  review_days int not null,
  quiet_from text not null,
  quiet_until text not null,
  reason text not null,
  by text not null,
  at timestamptz not null,
  primary key (plan_id, version)
);

-- Days that are not what the week makes of them: holidays, and weekend days worked in exchange (调休).
create table calendar_day (
  day date primary key,
  working boolean not null,
  name text not null
);

-- A way out of the house. Address and secret never leave the server again, and never enter the audit trail.
create table channel (
  id int generated always as identity primary key,
  kind text not null check (kind in ('email', 'wecom', 'dingtalk', 'feishu')),
  name text not null,
  address text not null,
  secret text,
  sender text,
  enabled boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  -- Since when it does not answer, how often that was tried, and when it is tried again.
  down_since timestamptz,
  tries int not null default 0,
  retry_at timestamptz,
  error text,
  -- Robots speak to many: the last inbox entry that they have spoken of.
  last_item bigint not null default 0
);
-- Mail goes out by one way.
create unique index channel_email on channel (kind) where kind = 'email';

-- What goes out: at most one a day to a person or to a robot's group. Its words are made from inbox entries when it is sent.
create table message (
  id bigint generated always as identity primary key,
  -- The same at every try, so that the other end can tell one that came before (Message-ID).
  key uuid not null unique default gen_random_uuid(),
  channel_id int not null references channel on delete cascade,
  account text references account,
  address text,
  -- A robot's: the entries that it speaks of.
  from_item bigint,
  to_item bigint,
  day date not null,
  state text not null check (state in ('waiting', 'sending', 'sent', 'failed', 'unsure', 'needless')),
  tries int not null default 0,
  created_at timestamptz not null,
  claimed_at timestamptz,
  sent_at timestamptz,
  error text
);
create unique index message_person_day on message (account, day) where account is not null;
create unique index message_robot_day on message (channel_id, day) where account is null;
create index message_open on message (channel_id, id) where state in ('waiting', 'sending');

-- Everything that anybody was told. The inbox is the truth: an entry is written in the transaction of what it tells of.
create table inbox_item (
  id bigint generated always as identity primary key,
  account text not null references account,
  kind text not null check (kind in ('report-due', 'report-overdue', 'report-returned', 'review-waiting', 'light-red', 'order-issued', 'order-due',
                                     'order-overdue', 'order-answered', 'order-changed', 'reminded', 'note')),
  key text not null,
  params jsonb not null,
  path text not null,
  at timestamptz not null,
  read_at timestamptz,
  message_id bigint references message on delete set null,
  unique (account, key)
);
create index inbox_item_unread on inbox_item (account, id) where read_at is null;
create index inbox_item_message on inbox_item (message_id) where message_id is not null;

-- The second wall: whoever tells others something may add to their inboxes; marking as read is everybody's own.
alter table inbox_item enable row level security;
create policy inbox_seen on inbox_item for select using (true);
create policy inbox_added on inbox_item for insert with check (true);
create policy inbox_changed on inbox_item for update
  using (coalesce(current_setting('xiangtu.account', true), '') in ('', account))
  with check (coalesce(current_setting('xiangtu.account', true), '') in ('', account));
