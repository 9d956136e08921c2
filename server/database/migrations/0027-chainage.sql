-- Findings hang on a road at a chainage, and so do dated photos. The road is a feature of the layer roads, named by its number and not by a foreign
-- key: features go and come back under their numbers and keep their history, and what was found on them is not to go with them.

alter table finding
  add column road_feature bigint,
  add column chainage_m double precision check (chainage_m >= 0),
  add constraint finding_on_road check ((road_feature is null) = (chainage_m is null));
create index finding_road on finding (road_feature) where road_feature is not null;

create table road_photo (
  id bigint generated always as identity primary key,
  road_feature bigint not null,
  -- Metres from the road's start.
  chainage_m double precision not null check (chainage_m >= 0),
  taken_on date not null,
  words text not null default '',
  name text not null,
  -- By its content, never by its name.
  type text not null check (type in ('jpeg', 'png', 'webp')),
  size int not null check (size > 0),
  sha256 text not null,
  bytes bytea not null,
  added_by text not null,
  added_at timestamptz not null,
  removed_by text,
  removed_at timestamptz,
  demo boolean not null
);
create index road_photo_of on road_photo (road_feature);

-- Whoever may edit roads adds and removes their photos; everybody who reads the map sees them.
alter table road_photo enable row level security;
create policy road_photo_seen on road_photo for select using (true);
create policy road_photo_added on road_photo for insert with check (person_may_edit_in_layer('roads'));
create policy road_photo_changed on road_photo for update using (person_may_edit_in_layer('roads')) with check (person_may_edit_in_layer('roads'));
