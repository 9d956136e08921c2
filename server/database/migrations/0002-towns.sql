-- Towns and their boundaries. Every set of boundaries that was ever in use stays, so that a replacement can be undone.

create table town (
  code text primary key,
  district text not null,
  name text not null,
  short_name text not null,
  name_en text not null,
  kind text not null check (kind in ('town', 'subdistrict', 'park', 'district')),
  -- The order of the district's own lists.
  ordinal int not null,
  unique (district, ordinal)
);

create table boundary_set (
  id int generated always as identity primary key,
  district text not null,
  kind text not null check (kind in ('official', '示意')),
  file_name text not null,
  sha256 text not null,
  source text not null,
  licence text not null,
  credit text not null,
  -- What the check found when the set came in.
  report jsonb not null,
  stored_by text not null,
  stored_at timestamptz not null default now(),
  current boolean not null default false
);
-- One set at a time is in use.
create unique index boundary_set_current on boundary_set (district) where current;

create table boundary (
  set_id int not null references boundary_set on delete cascade,
  town text not null references town,
  geom geometry(MultiPolygon, 4326) not null,
  -- On the ellipsoid.
  area_m2 double precision not null check (area_m2 > 0),
  -- Where a name stands best.
  label geometry(Point, 4326) not null,
  primary key (set_id, town)
);
create index boundary_geom on boundary using gist (geom);
