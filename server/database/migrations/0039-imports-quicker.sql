-- What a feature costs to store, of which an import brings 200,000 and more.

-- One index by place, on what tiles are cut from: a second one, on the same boxes in degrees, was as dear as everything else that is looked up.
drop index feature_geom;
-- Nobody looks for versions by their time: what stood when is in feature_past.
drop index feature_version_layer;
-- The stage of an import has none: which of its features may meet is known before they are written (geo/import/span).
drop index import_feature_geom;

-- What is measured of a shape. Imports measure while they check, two batches at a time; what they hand over is not measured again.
create function measured_area_m2(geom geometry) returns double precision language sql immutable parallel safe as $$
  select case when ST_Dimension(geom) = 2 then ST_Area(geom::geography) end
$$;
create function measured_length_m(geom geometry) returns double precision language sql immutable parallel safe as $$
  select case when ST_Dimension(geom) = 1 then ST_Length(geom::geography) end
$$;
-- Smaller than two cells each way.
create function measured_small(geom geometry) returns boolean language sql immutable parallel safe as $$
  select coalesce(ST_Dimension(geom) = 2 and ST_XMax(geom) - ST_XMin(geom) < 720.0 / 262144 and ST_YMax(geom) - ST_YMin(geom) < 720.0 / 262144, false)
$$;
alter table feature
  alter column geom_3857 drop expression,
  alter column area_m2 drop expression,
  alter column length_m drop expression,
  alter column small drop expression;
create function feature_measured() returns trigger language plpgsql as $$
begin
  new.geom_3857 := ST_Transform(new.geom, 3857);
  new.area_m2 := measured_area_m2(new.geom);
  new.length_m := measured_length_m(new.geom);
  new.small := measured_small(new.geom);
  return new;
end $$;
-- Whoever gives `small` gives all four; whoever moves a feature without its place on the map has not measured it.
create trigger feature_measured before insert on feature for each row when (new.small is null) execute function feature_measured();
create trigger feature_measured_anew before update on feature for each row
  when (new.small is null or (new.geom is distinct from old.geom and new.geom_3857 is not distinct from old.geom_3857)) execute function feature_measured();
alter table feature alter column small set not null;

alter table import_feature
  add column geom_3857 geometry(Geometry, 3857),
  add column area_m2 double precision,
  add column length_m double precision,
  add column small boolean;

-- Changes of cells are only ever added up: that one cell has one line an instant was nobody's need.
alter table feature_cell_change drop constraint feature_cell_change_pkey;
create index feature_cell_change_place on feature_cell_change (layer, x, y);

-- As the owner: whoever may write a feature may not write here. A feature counts from when it stands so until it stands otherwise, as feature_past has it;
-- where a clock was set back, it has never stood as it did before. In order of place, so that an index grows where it was just read.
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
    insert into feature_cell_change (layer, x, y, class, town, at, features, demo, area_m2)
    select f.layer, cell_x(f.geom), cell_y(f.geom), coalesce(f.properties->>l.field, ''), coalesce(f.town, ''), greatest(f.changed_at, f.placed_at, n.changed_at, n.placed_at),
           -count(*), -count(*) filter (where f.demo), -sum(f.area_m2)
    from gone f join come n on n.layer = f.layer and n.id = f.id join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5, 6;
  elsif tg_op = 'DELETE' then
    insert into feature_cell_change (layer, x, y, class, town, at, features, demo, area_m2)
    select f.layer, cell_x(f.geom), cell_y(f.geom), coalesce(f.properties->>l.field, ''), coalesce(f.town, ''), greatest(f.changed_at, f.placed_at, v.at),
           -count(*), -count(*) filter (where f.demo), -sum(f.area_m2)
    from gone f left join feature_version v on v.feature_id = f.id and v.version = f.version + 1 join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5, 6;
  end if;
  if tg_op <> 'DELETE' then
    with counted as materialized (
      select f.layer, cell_x(f.geom) as x, cell_y(f.geom) as y, coalesce(f.properties->>l.field, '') as class, coalesce(f.town, '') as town, greatest(f.changed_at, f.placed_at) as at,
             count(*) as features, count(*) filter (where f.demo) as demo, sum(f.area_m2) as area_m2
      from come f join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5, 6
    ),
    dated as (
      insert into feature_cell_change (layer, x, y, class, town, at, features, demo, area_m2) select * from counted order by x, y
    )
    insert into feature_cell as c (layer, x, y, class, town, features, demo, area_m2)
    select layer, x, y, class, town, sum(features), sum(demo), sum(area_m2) from counted group by 1, 2, 3, 4, 5 order by 2, 3
    on conflict (layer, x, y, class, town) do update set features = c.features + excluded.features, demo = c.demo + excluded.demo, area_m2 = c.area_m2 + excluded.area_m2;
  end if;
  delete from feature_cell where features <= 0;
  return null;
end $$;
