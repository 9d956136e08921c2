-- Layers of the planning map. What a layer is stands in geo/layer; here is one table for the features of all of them.

create sequence feature_id;

-- Kept by layer, so that a tile of one layer never looks at another's rows. A layer that is declared later lives with the others until a
-- migration gives it a part of its own.
create table feature (
  id bigint not null default nextval('feature_id'),
  layer text not null,
  version int not null,
  -- What the source calls it; imports meet their features again by it.
  key text,
  properties jsonb not null,
  -- Null: it exists, but nobody has said where.
  geom geometry(Geometry, 4326),
  -- What tiles are cut from.
  geom_3857 geometry(Geometry, 3857) generated always as (ST_Transform(geom, 3857)) stored,
  -- On the ellipsoid, of polygons and of lines.
  area_m2 double precision generated always as (case when ST_Dimension(geom) = 2 then ST_Area(geom::geography) end) stored,
  length_m double precision generated always as (case when ST_Dimension(geom) = 1 then ST_Length(geom::geography) end) stored,
  -- Where it lies for the most part; without a shape, where its source says.
  town text references town,
  -- Every town that it lies in, the one with most of it first: more than one is worth a look.
  towns text[] not null default '{}',
  -- A part of it lies in no town.
  outside boolean not null default false,
  -- Whose quota it counts for, where that is not the town that it lies in: the park has no boundary of its own.
  unit text references town,
  source text not null,
  licence text not null default '',
  demo boolean not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (layer, id)
) partition by list (layer);
create table feature_of_farmland partition of feature for values in ('farmland');
create table feature_of_roads partition of feature for values in ('roads');
create table feature_of_bridges partition of feature for values in ('bridges');
create table feature_of_sites partition of feature for values in ('sites');
create table feature_of_villages partition of feature for values in ('villages');
create table feature_of_demonstration_villages partition of feature for values in ('demonstration-villages');
create table feature_of_other_layers partition of feature default;
create unique index feature_key on feature (layer, key);
create index feature_town on feature (layer, town);
create index feature_geom on feature using gist (geom);
create index feature_geom_3857 on feature using gist (geom_3857);

-- Everything that a feature ever was; also after it was deleted. Lines are only added.
create table feature_version (
  feature_id bigint not null,
  version int not null,
  layer text not null,
  at timestamptz not null,
  by text not null,
  act text not null check (act in ('create', 'change', 'delete', 'restore')),
  reason text not null default '',
  -- The larger thing that it was done in: an import, a sitting at the drawing board. What was done in one can be undone as one.
  cause text,
  key text,
  properties jsonb not null,
  geom geometry(Geometry, 4326),
  town text,
  unit text,
  source text not null,
  licence text not null,
  demo boolean not null,
  primary key (feature_id, version)
);
create index feature_version_layer on feature_version (layer, at);
create index feature_version_cause on feature_version (cause) where cause is not null;

create function feature_version_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'the history of features is append-only' using errcode = '42501';
end $$;
create trigger feature_version_kept before update or delete or truncate on feature_version for each statement execute function feature_version_is_kept();

-- The data version of a layer: every write makes it one higher, so that whatever was made from the layer knows when it is out of date.
create table layer_version (
  layer text primary key,
  version bigint not null,
  changed_at timestamptz not null
);

-- Layers that the person may edit everywhere, and those that they may edit in their own towns.
create function person_may_edit_layer(layer text, town text) returns boolean language sql stable as $$
  select layer = any (string_to_array(coalesce(current_setting('xiangtu.layers', true), ''), ','))
      or layer = any (string_to_array(coalesce(current_setting('xiangtu.own_layers', true), ''), ','))
         and town = any (string_to_array(coalesce(current_setting('xiangtu.towns', true), ''), ','))
$$;
create function person_may_edit_in_layer(layer text) returns boolean language sql stable as $$
  select layer = any (string_to_array(concat_ws(',', current_setting('xiangtu.layers', true), current_setting('xiangtu.own_layers', true)), ','))
$$;
alter table feature enable row level security;
create policy feature_seen on feature for select using (true);
create policy feature_edited on feature for all using (person_may_edit_layer(layer, town)) with check (person_may_edit_layer(layer, town));
-- The parts have no policy of their own: they are reached through the whole only.
alter table feature_of_farmland enable row level security;
alter table feature_of_roads enable row level security;
alter table feature_of_bridges enable row level security;
alter table feature_of_sites enable row level security;
alter table feature_of_villages enable row level security;
alter table feature_of_demonstration_villages enable row level security;
alter table feature_of_other_layers enable row level security;
alter table feature_version enable row level security;
create policy feature_version_seen on feature_version for select using (true);
create policy feature_version_added on feature_version for insert with check (person_may_edit_layer(layer, town));
alter table layer_version enable row level security;
create policy layer_version_seen on layer_version for select using (true);
create policy layer_version_raised on layer_version for all using (person_may_edit_in_layer(layer)) with check (person_may_edit_in_layer(layer));
