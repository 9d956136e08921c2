-- Snapshots and atlases: pages as they were shown, with the figures that they showed, and the files made of them.
-- They outlive the plan that they are of: what went to a meeting stays readable whatever is imported later.
create table snapshot (
  id int generated always as identity primary key,
  kind text not null check (kind in ('snapshot', 'atlas')),
  plan_id int references plan on delete set null,
  status text not null default 'queued' check (status in ('queued', 'running', 'ready', 'failed', 'cancelled')),
  -- 0 to 1.
  progress real not null default 0,
  -- As the first page has it.
  title text not null,
  pages int not null,
  made_by text not null,
  -- The maker's name as it stands on the page.
  maker text not null,
  made_at timestamptz not null,
  -- Canonical JSON (geo/frozen/canonical), kept as text so that its hash can be computed again.
  sha256 text not null,
  content text not null,
  -- What is drawn on each page (geo/snapshot/drawing), as JSON.
  drawings text not null,
  attempts int not null default 0,
  -- By the database's clock: whoever makes it says now and then that it still does.
  touched_at timestamptz,
  failure text
);
create index snapshot_waiting on snapshot (id) where status in ('queued', 'running');
create index snapshot_hash on snapshot (left(sha256, 12));
create index snapshot_maker on snapshot (made_by, id);

create table snapshot_file (
  snapshot_id int not null references snapshot on delete cascade,
  format text not null check (format in ('png', 'pdf', 'pptx', 'zip')),
  bytes bytea not null,
  primary key (snapshot_id, format)
);

create function snapshot_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'what a snapshot shows is kept' using errcode = '42501';
end $$;
create trigger snapshot_kept before update of kind, title, pages, made_by, maker, made_at, sha256, content, drawings on snapshot for each statement execute function snapshot_is_kept();
