-- Imports of map files into layers. An import is a row with a state: any process may go on with the work, and a screen finds it again.

create table import (
  id int generated always as identity primary key,
  layer text not null,
  state text not null check (state in ('read', 'checking', 'checked', 'storing', 'stored', 'undoing', 'undone', 'failed', 'discarded')),
  -- Higher after every change by a person; two people at one import notice each other.
  version int not null default 1,
  file_name text not null,
  file_size bigint not null,
  sha256 text not null,
  -- What was read from the file before anything was decided.
  preview jsonb not null,
  choices jsonb,
  -- How far the work is: {"phase", "done", "of"}.
  progress jsonb,
  report jsonb,
  -- Why it did not go on: {"key", "params"} of a problem.
  failure jsonb,
  cancelled boolean not null default false,
  -- Whoever works on it holds it until then, and says so again and again.
  held_until timestamptz,
  by text not null,
  origin text not null,
  demo boolean not null,
  at timestamptz not null,
  changed_at timestamptz not null
);
create index import_state on import (state);

-- The file, in pieces that the wire of the embedded database takes; gone when the import is over.
create table import_chunk (
  import_id int not null references import on delete cascade,
  no int not null,
  bytes bytea not null,
  primary key (import_id, no)
);

-- The file's features as they will be stored; gone when the import is over.
create table import_feature (
  import_id int not null references import on delete cascade,
  i int not null,
  key text,
  properties jsonb not null,
  geom geometry(Geometry, 4326),
  lies_in text,
  towns text[] not null default '{}',
  outside boolean not null default false,
  -- What was found: [{"finding", "params"}].
  findings jsonb not null default '[]',
  faulty boolean not null default false,
  -- The feature of the layer with the same key.
  target bigint,
  same boolean not null default false,
  primary key (import_id, i)
);
create index import_feature_geom on import_feature using gist (geom);
create index import_feature_key on import_feature (import_id, key);

-- Only who may edit a layer everywhere imports into it. What an import did to features stands in their history, by its cause.
alter table import enable row level security;
create policy import_of_editors on import for all using (person_may_edit_layer(layer, null)) with check (person_may_edit_layer(layer, null));
alter table import_chunk enable row level security;
create policy import_chunk_of_editors on import_chunk for all
  using (exists (select from import i where i.id = import_id and person_may_edit_layer(i.layer, null)))
  with check (exists (select from import i where i.id = import_id and person_may_edit_layer(i.layer, null)));
alter table import_feature enable row level security;
create policy import_feature_of_editors on import_feature for all
  using (exists (select from import i where i.id = import_id and person_may_edit_layer(i.layer, null)))
  with check (exists (select from import i where i.id = import_id and person_may_edit_layer(i.layer, null)));
