-- How far what is reported may be from what is drawn on the map; the newest version holds.
create table reconciliation_rule (
  plan_id int not null references plan on delete cascade,
  version int not null check (version > 0),
  -- In percent of what is reported.
  tolerance numeric not null check (tolerance between 0 and 50),
  -- Whether a difference stands behind the reasons of lights.
  joins boolean not null,
  reason text not null,
  by text not null,
  at timestamptz not null,
  primary key (plan_id, version)
);
