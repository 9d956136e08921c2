-- Differences that later runs of a check found are acknowledged: who has seen them, when, on which data, and which run's verdict stands since.

alter table farmland_check
  -- Up to this run somebody has looked at what was found; the first needs no looking at.
  add column acknowledged_run int not null default 1,
  -- The run whose verdict is the check's: the first, until somebody takes a later one.
  add column standing_run int not null default 1;
create index farmland_check_new on farmland_check (id) where run > acknowledged_run;

create table farmland_check_acknowledgement (
  check_id int not null references farmland_check on delete cascade,
  no int not null,
  at timestamptz not null,
  by text not null,
  -- The newest run that was seen; the run whose verdict stood until then, and the one whose verdict stands since.
  run int not null,
  stood int not null,
  stands int not null,
  -- Of the farmland, up to which that newest run was known to hold.
  data_version bigint not null,
  words text not null,
  primary key (check_id, no),
  foreign key (check_id, run) references farmland_check_run,
  foreign key (check_id, stands) references farmland_check_run,
  -- Whoever keeps an earlier verdict says why.
  check (stands = run or words <> '')
);
create function farmland_check_acknowledgement_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'acknowledgements of checks are append-only' using errcode = '42501';
end $$;
create trigger farmland_check_acknowledgement_kept before update on farmland_check_acknowledgement for each statement execute function farmland_check_acknowledgement_is_kept();

alter table farmland_check_acknowledgement enable row level security;
create policy farmland_check_acknowledgement_seen on farmland_check_acknowledgement for select using (exists (select 1 from farmland_check c where c.id = check_id));
create policy farmland_check_acknowledgement_added on farmland_check_acknowledgement for insert
  with check (exists (select 1 from farmland_check c where c.id = check_id and person_may_make_check(c.town, c.departments)));
