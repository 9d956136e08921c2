-- Views that a person has saved to present (/): the address of each, in that person's own order.
create table saved_view (
  id int generated always as identity primary key,
  -- Of the person; the operator has no account and may have views all the same.
  account text not null,
  name text not null,
  -- As in the address after the question mark.
  query text not null,
  -- The smaller, the earlier; the number that a person sees is the place in the row.
  place int not null,
  saved_at timestamptz not null,
  -- Taken away, and kept so that it can be had back.
  removed_at timestamptz
);
create index saved_view_of on saved_view (account, place);

alter table saved_view enable row level security;
create policy saved_view_own on saved_view using (account = current_setting('xiangtu.account', true)) with check (account = current_setting('xiangtu.account', true));
