-- A layer from afar: what its small areas cover of each cell of a grid, so that a tile of the whole district need not touch a million of them.

-- By which of its fields a layer is classed, as geo/layer declares it; written when the server starts. Only layers of areas have a line.
create table layer_legend (
  layer text primary key,
  field text not null
);

-- Cells are the tiles of Web Mercator at zoom 18, 131 m wide in the district. Kept by the triggers below and by nobody else.
create table feature_cell (
  layer text not null,
  x int not null,
  y int not null,
  class text not null,
  -- Empty: in no town.
  town text not null,
  features int not null,
  demo int not null,
  area_m2 double precision not null,
  primary key (layer, x, y, class, town)
);
create index feature_cell_empty on feature_cell (layer) where features <= 0;

-- Smaller than two cells each way: its area counts where its middle lies. What is larger is drawn as it is.
alter table feature add column small boolean generated always as
  (coalesce(ST_Dimension(geom) = 2 and ST_XMax(geom) - ST_XMin(geom) < 720.0 / 262144 and ST_YMax(geom) - ST_YMin(geom) < 720.0 / 262144, false)) stored;
create index feature_large on feature using gist (geom_3857) where not small;

-- The cell that the middle of a shape (WGS84) lies in.
create function cell_x(geom geometry) returns int language sql immutable parallel safe as $$
  select floor((ST_XMin(geom) + ST_XMax(geom) + 360) / 720 * 262144)::int
$$;
create function cell_y(geom geometry) returns int language sql immutable parallel safe as $$
  select floor((1 - asinh(tan(radians((ST_YMin(geom) + ST_YMax(geom)) / 2))) / pi()) / 2 * 262144)::int
$$;

-- What a statement takes away and what it brings, cell by cell. As the owner: whoever may write a feature may not write here.
create function feature_cells_follow() returns trigger language plpgsql security definer set search_path from current as $$
begin
  if tg_op <> 'INSERT' then
    update feature_cell c set features = c.features - g.features, demo = c.demo - g.demo, area_m2 = c.area_m2 - g.area_m2
    from (
      select f.layer, cell_x(f.geom) as x, cell_y(f.geom) as y, coalesce(f.properties->>l.field, '') as class, coalesce(f.town, '') as town,
             count(*)::int as features, (count(*) filter (where f.demo))::int as demo, sum(f.area_m2) as area_m2
      from gone f join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5
    ) g where c.layer = g.layer and c.x = g.x and c.y = g.y and c.class = g.class and c.town = g.town;
  end if;
  if tg_op <> 'DELETE' then
    insert into feature_cell as c (layer, x, y, class, town, features, demo, area_m2)
    select f.layer, cell_x(f.geom), cell_y(f.geom), coalesce(f.properties->>l.field, ''), coalesce(f.town, ''), count(*), count(*) filter (where f.demo), sum(f.area_m2)
    from come f join layer_legend l on l.layer = f.layer where f.small group by 1, 2, 3, 4, 5
    on conflict (layer, x, y, class, town) do update set features = c.features + excluded.features, demo = c.demo + excluded.demo, area_m2 = c.area_m2 + excluded.area_m2;
  end if;
  delete from feature_cell where features <= 0;
  return null;
end $$;
create trigger feature_cells_come after insert on feature referencing new table as come for each statement execute function feature_cells_follow();
create trigger feature_cells_change after update on feature referencing old table as gone new table as come for each statement execute function feature_cells_follow();
create trigger feature_cells_go after delete on feature referencing old table as gone for each statement execute function feature_cells_follow();
