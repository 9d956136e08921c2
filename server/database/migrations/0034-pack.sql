-- 月调度材料: a month's dispatch pack is a record like a snapshot, with a workbook besides its pages.
alter table snapshot drop constraint snapshot_kind_check, add constraint snapshot_kind_check check (kind in ('snapshot', 'atlas', 'pack'));
alter table snapshot_file drop constraint snapshot_file_format_check, add constraint snapshot_file_format_check check (format in ('png', 'pdf', 'pptx', 'xlsx', 'zip'));
-- What the workbook is made of, as JSON (geo/workbook/sheet); null: there is none.
alter table snapshot add column sheets text;
drop trigger snapshot_kept on snapshot;
create trigger snapshot_kept before update of kind, title, pages, made_by, maker, made_at, sha256, content, drawings, sheets on snapshot
  for each statement execute function snapshot_is_kept();

-- Which pack was made when which freeze of a month was: each once, whichever process comes first, and its readers are told once.
create table month_pack (
  plan_id int not null,
  month text not null,
  version int not null,
  snapshot_id int not null references snapshot on delete cascade,
  told_at timestamptz,
  primary key (plan_id, month, version),
  foreign key (plan_id, month, version) references month_freeze on delete cascade
);

-- What people asked to be sent (geo/message/subscription).
create table subscription (
  account text not null references account on delete cascade,
  topic text not null check (topic in ('month-pack')),
  at timestamptz not null,
  primary key (account, topic)
);
-- Everybody asks for themselves.
alter table subscription enable row level security;
create policy subscription_own on subscription using (account = current_setting('xiangtu.account', true))
  with check (account = current_setting('xiangtu.account', true));

alter table inbox_item drop constraint inbox_item_kind_check,
  add constraint inbox_item_kind_check check (kind in ('report-due', 'report-overdue', 'report-returned', 'review-waiting', 'light-red', 'order-issued', 'order-due',
                                                       'order-overdue', 'order-answered', 'order-changed', 'finding-due', 'finding-overdue', 'finding-changed', 'check-changed',
                                                       'pack-ready', 'reminded', 'note'));
