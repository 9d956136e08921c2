-- Any past day can be asked for. The history of features says what each was; here stands since when and until when, so that a map of a past day is
-- found by place as fast as today's. What is added pays nothing for it: only what is changed, moved to another town or deleted leaves a line.

-- Since when it lies in the towns that it is said to lie in, where that is later than its last change: boundaries were replaced.
alter table feature add column placed_at timestamptz;

-- A feature as it once stood: a version of it, in the towns of the boundaries then in use, from one instant until another.
create table feature_past (
  layer text not null,
  feature_id bigint not null,
  version int not null,
  since timestamptz not null,
  until timestamptz not null check (until > since),
  town text,
  towns text[] not null,
  outside boolean not null,
  area_m2 double precision,
  length_m double precision,
  geom_3857 geometry(Geometry, 3857),
  foreign key (feature_id, version) references feature_version
);
create index feature_past_feature on feature_past (feature_id);
create index feature_past_layer on feature_past (layer, until);
create index feature_past_geom on feature_past using gist (geom_3857);

-- What was kept before this came. In which other towns it lay nobody wrote down.
insert into feature_past
select v.layer, v.feature_id, v.version, v.at, n.at, v.town, case when v.geom is null or v.town is null then '{}' else array[v.town] end, false,
       case when ST_Dimension(v.geom) = 2 then ST_Area(v.geom::geography) end, case when ST_Dimension(v.geom) = 1 then ST_Length(v.geom::geography) end, ST_Transform(v.geom, 3857)
from feature_version v join feature_version n on n.feature_id = v.feature_id and n.version = v.version + 1
where v.act <> 'delete' and n.at > v.at;

-- Whoever writes features, by whatever statement: what stood is kept.
create function feature_past_of_change() returns trigger language plpgsql as $$
begin
  insert into feature_past
  select o.layer, o.id, o.version, greatest(o.changed_at, o.placed_at), greatest(n.changed_at, n.placed_at), o.town, o.towns, o.outside, o.area_m2, o.length_m, o.geom_3857
  from was o join becomes n on n.layer = o.layer and n.id = o.id where greatest(n.changed_at, n.placed_at) > greatest(o.changed_at, o.placed_at);
  return null;
end $$;
create function feature_past_of_deletion() returns trigger language plpgsql as $$
begin
  insert into feature_past
  select o.layer, o.id, o.version, greatest(o.changed_at, o.placed_at), v.at, o.town, o.towns, o.outside, o.area_m2, o.length_m, o.geom_3857
  from was o join feature_version v on v.feature_id = o.id and v.version = o.version + 1 where v.at > greatest(o.changed_at, o.placed_at);
  return null;
end $$;
create trigger feature_changed after update on feature referencing old table as was new table as becomes for each statement execute function feature_past_of_change();
create trigger feature_deleted after delete on feature referencing old table as was for each statement execute function feature_past_of_deletion();
create trigger feature_past_kept before update or delete or truncate on feature_past for each statement execute function feature_version_is_kept();

-- When each data version of a layer began: it names what was made of the layer as it stood at an instant.
create table layer_version_past (
  layer text not null,
  version bigint not null,
  at timestamptz not null,
  primary key (layer, version)
);
insert into layer_version_past
select h.layer, v.version - count(*) over (partition by h.layer) + row_number() over (partition by h.layer order by h.at), h.at
from (select distinct layer, at from feature_version) h join layer_version v on v.layer = h.layer;
create function layer_version_past_of_change() returns trigger language plpgsql as $$
begin
  insert into layer_version_past (layer, version, at) values (new.layer, new.version, new.changed_at) on conflict do nothing;
  return null;
end $$;
create trigger layer_version_raised after insert or update on layer_version for each row execute function layer_version_past_of_change();
create trigger layer_version_past_kept before update or delete or truncate on layer_version_past for each statement execute function feature_version_is_kept();

-- Which boundaries were in use from when on: a set may be replaced, and put back into use later.
create table boundary_use (
  id int generated always as identity primary key,
  district text not null,
  set_id int not null references boundary_set,
  since timestamptz not null
);
create index boundary_use_since on boundary_use (district, since);
insert into boundary_use (district, set_id, since)
select district, id, at from (
  select district, id, stored_at as at from boundary_set
  union all
  select s.district, s.id, a.at from audit a join boundary_set s on s.id = (a.after->>'inUse')::int where a.action = 'town.boundaries.restore'
) used order by at, id;

alter table feature_past enable row level security;
create policy feature_past_seen on feature_past for select using (true);
create policy feature_past_added on feature_past for insert with check (person_may_edit_layer(layer, town));
alter table layer_version_past enable row level security;
create policy layer_version_past_seen on layer_version_past for select using (true);
create policy layer_version_past_added on layer_version_past for insert with check (person_may_edit_in_layer(layer));
