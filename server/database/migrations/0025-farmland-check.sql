-- Farmland checks (核查) that are kept: the plot, what it was held against, and every run that found something else.

create table farmland_check (
  id int generated always as identity primary key,
  -- Counts within the year in which it was made.
  year int not null,
  no int not null,
  applicant text not null check (applicant <> ''),
  purpose text not null default '',
  source text not null check (source in ('drawn', 'features', 'file')),
  -- Which file, or which features.
  source_words text not null default '',
  plot geometry(MultiPolygon, 4326) not null,
  area_mu float8 not null,
  tolerance_mu float8 not null check (tolerance_mu >= 0),
  -- By the plot: the town that most of it lies in, and all of them.
  town text,
  towns text[] not null,
  -- Whom it was made by or for, besides the towns.
  departments text[] not null,
  state text not null check (state in ('open', 'closed')),
  -- The words that it was closed or opened again with.
  state_words text not null default '',
  -- Of the newest run.
  run int not null default 1,
  verdict text not null check (verdict in ('clear', 'slivers', 'touches')),
  permanent_mu float8 not null,
  -- Up to this version of the farmland the newest run is known to hold; the parcels that it lies on, told by a hash of their versions.
  data_version bigint not null,
  fingerprint text not null,
  version int not null default 1,
  made_by text not null,
  made_at timestamptz not null,
  changed_at timestamptz not null,
  demo boolean not null,
  unique (year, no)
);
create index farmland_check_open on farmland_check (data_version) where state = 'open';
create index farmland_check_plot on farmland_check using gist (plot);

create table farmland_check_run (
  check_id int not null references farmland_check on delete cascade,
  no int not null,
  at timestamptz not null,
  by text not null,
  cause text not null check (cause in ('first', 'data', 'hand')),
  data_version bigint not null,
  verdict text not null check (verdict in ('clear', 'slivers', 'touches')),
  permanent_mu float8 not null,
  -- Against the run before; null: there is none.
  differences jsonb,
  -- Canonical JSON (geo/frozen/canonical), kept as text so that its hash can be computed again.
  sha256 text not null,
  content text not null,
  primary key (check_id, no)
);
create function farmland_check_run_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'runs of checks are append-only' using errcode = '42501';
end $$;
create trigger farmland_check_run_kept before update on farmland_check_run for each statement execute function farmland_check_run_is_kept();

-- The second wall: a town sees what lies in it, a department what was made by or for it, everybody their own; who may more, the server says (server/database/wall.ts).
create function person_may_see_check(units text[], offices text[], maker text) returns boolean language sql stable as $$
  select coalesce(current_setting('xiangtu.checks', true), '') = 'on'
      or units && string_to_array(coalesce(current_setting('xiangtu.towns', true), ''), ',')
      or offices && string_to_array(coalesce(current_setting('xiangtu.departments', true), ''), ',')
      or maker = coalesce(current_setting('xiangtu.account', true), '')
$$;
create function person_may_make_check(unit text, offices text[]) returns boolean language sql stable as $$
  select coalesce(current_setting('xiangtu.check_makers', true), '') = 'all'
      or coalesce(current_setting('xiangtu.check_makers', true), '') = 'own'
         and (unit = any (string_to_array(coalesce(current_setting('xiangtu.towns', true), ''), ','))
              or offices && string_to_array(coalesce(current_setting('xiangtu.departments', true), ''), ','))
$$;
alter table farmland_check enable row level security;
create policy farmland_check_seen on farmland_check for select using (person_may_see_check(towns, departments, made_by));
create policy farmland_check_added on farmland_check for insert with check (person_may_make_check(town, departments));
create policy farmland_check_changed on farmland_check for update using (person_may_make_check(town, departments)) with check (person_may_make_check(town, departments));
alter table farmland_check_run enable row level security;
create policy farmland_check_run_seen on farmland_check_run for select using (exists (select 1 from farmland_check c where c.id = check_id));
create policy farmland_check_run_added on farmland_check_run for insert
  with check (exists (select 1 from farmland_check c where c.id = check_id and person_may_make_check(c.town, c.departments)));

-- Numbers count over all checks, also for who sees only a part of them.
create function farmland_check_numbers(of_year int) returns table (no int) language sql stable security definer set search_path = public as $$
  select coalesce(max(c.no), 0) from farmland_check c where c.year = of_year
$$;

-- People are told of their checks too.
alter table inbox_item drop constraint inbox_item_kind_check,
  add constraint inbox_item_kind_check check (kind in ('report-due', 'report-overdue', 'report-returned', 'review-waiting', 'light-red', 'order-issued', 'order-due',
                                                       'order-overdue', 'order-answered', 'order-changed', 'finding-due', 'finding-overdue', 'finding-changed', 'check-changed',
                                                       'reminded', 'note'));
