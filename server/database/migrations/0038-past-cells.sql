-- Layers of very many areas: the map from afar also of a past day, and how much there is of a layer without looking at every one of its features.

-- Whether it was counted by the cells that it covered, as `feature.small` says it of what stands.
alter table feature_past add column small boolean not null default false;
alter table feature_past disable trigger feature_past_kept;
update feature_past p set small = true from feature_version v
where v.feature_id = p.feature_id and v.version = p.version and ST_Dimension(v.geom) = 2
  and ST_XMax(v.geom) - ST_XMin(v.geom) < 720.0 / 262144 and ST_YMax(v.geom) - ST_YMin(v.geom) < 720.0 / 262144;
alter table feature_past enable trigger feature_past_kept;
create index feature_past_large on feature_past (layer, until) where not small;
create index feature_past_large_geom on feature_past using gist (geom_3857) where not small;
-- What stood before most of it came, and what has stood since most of it went.
create index feature_changed on feature (layer, changed_at);
create index feature_past_since on feature_past (layer, since);
create index feature_not_small on feature (layer) where not small;
-- What lies in more than one town: few.
create index feature_crossing on feature (layer) where cardinality(towns) > 1;

create or replace function feature_past_of_change() returns trigger language plpgsql as $$
begin
  insert into feature_past (layer, feature_id, version, since, until, town, towns, outside, area_m2, length_m, geom_3857, small)
  select o.layer, o.id, o.version, greatest(o.changed_at, o.placed_at), greatest(n.changed_at, n.placed_at), o.town, o.towns, o.outside, o.area_m2, o.length_m, o.geom_3857, o.small
  from was o join becomes n on n.layer = o.layer and n.id = o.id where greatest(n.changed_at, n.placed_at) > greatest(o.changed_at, o.placed_at);
  return null;
end $$;
create or replace function feature_past_of_deletion() returns trigger language plpgsql as $$
begin
  insert into feature_past (layer, feature_id, version, since, until, town, towns, outside, area_m2, length_m, geom_3857, small)
  select o.layer, o.id, o.version, greatest(o.changed_at, o.placed_at), v.at, o.town, o.towns, o.outside, o.area_m2, o.length_m, o.geom_3857, o.small
  from was o join feature_version v on v.feature_id = o.id and v.version = o.version + 1 where v.at > greatest(o.changed_at, o.placed_at);
  return null;
end $$;

-- By how much the count of a cell changed, and when. Added up to an instant they are the cells of then; what comes in one import is one line a cell.
create table feature_cell_change (
  layer text not null,
  x int not null,
  y int not null,
  class text not null,
  town text not null,
  at timestamptz not null,
  features int not null,
  demo int not null,
  area_m2 double precision not null,
  primary key (layer, x, y, class, town, at)
);

-- As the owner: whoever may write a feature may not write here. A feature counts from when it stands so until it stands otherwise, as feature_past has it;
-- where a clock was set back, it has never stood as it did before.
create or replace function feature_cells_follow() returns trigger language plpgsql security definer set search_path from current as $$
begin
  if tg_op <> 'INSERT' then
    update feature_cell c set features = c.features - g.features, demo = c.demo - g.demo, area_m2 = c.area_m2 - g.area_m2
    from (
      select f.layer, cell_x(f.geom) as x, cell_y(f.geom) as y, coalesce(f.properties->>l.field, '') as class, coalesce(f.town, '') as town,
             count(*)::int as features, (count(*) filter (where f.demo))::int as demo, sum(f.area_m2) as area_m2
      from gone f join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5
    ) g where c.layer = g.layer and c.x = g.x and c.y = g.y and c.class = g.class and c.town = g.town;
  end if;
  if tg_op = 'UPDATE' then
    insert into feature_cell_change as c (layer, x, y, class, town, at, features, demo, area_m2)
    select f.layer, cell_x(f.geom), cell_y(f.geom), coalesce(f.properties->>l.field, ''), coalesce(f.town, ''), greatest(f.changed_at, f.placed_at, n.changed_at, n.placed_at),
           -count(*), -count(*) filter (where f.demo), -sum(f.area_m2)
    from gone f join come n on n.layer = f.layer and n.id = f.id join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5, 6
    on conflict (layer, x, y, class, town, at) do update set features = c.features + excluded.features, demo = c.demo + excluded.demo, area_m2 = c.area_m2 + excluded.area_m2;
  elsif tg_op = 'DELETE' then
    insert into feature_cell_change as c (layer, x, y, class, town, at, features, demo, area_m2)
    select f.layer, cell_x(f.geom), cell_y(f.geom), coalesce(f.properties->>l.field, ''), coalesce(f.town, ''), greatest(f.changed_at, f.placed_at, v.at),
           -count(*), -count(*) filter (where f.demo), -sum(f.area_m2)
    from gone f left join feature_version v on v.feature_id = f.id and v.version = f.version + 1 join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5, 6
    on conflict (layer, x, y, class, town, at) do update set features = c.features + excluded.features, demo = c.demo + excluded.demo, area_m2 = c.area_m2 + excluded.area_m2;
  end if;
  if tg_op <> 'DELETE' then
    with counted as materialized (
      select f.layer, cell_x(f.geom) as x, cell_y(f.geom) as y, coalesce(f.properties->>l.field, '') as class, coalesce(f.town, '') as town, greatest(f.changed_at, f.placed_at) as at,
             count(*) as features, count(*) filter (where f.demo) as demo, sum(f.area_m2) as area_m2
      from come f join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5, 6
    ),
    dated as (
      insert into feature_cell_change as c (layer, x, y, class, town, at, features, demo, area_m2) select * from counted
      on conflict (layer, x, y, class, town, at) do update set features = c.features + excluded.features, demo = c.demo + excluded.demo, area_m2 = c.area_m2 + excluded.area_m2
    )
    insert into feature_cell as c (layer, x, y, class, town, features, demo, area_m2)
    select layer, x, y, class, town, sum(features), sum(demo), sum(area_m2) from counted group by 1, 2, 3, 4, 5
    on conflict (layer, x, y, class, town) do update set features = c.features + excluded.features, demo = c.demo + excluded.demo, area_m2 = c.area_m2 + excluded.area_m2;
  end if;
  delete from feature_cell where features <= 0;
  return null;
end $$;

-- Has the next start count everything, with its past.
delete from layer_legend;
