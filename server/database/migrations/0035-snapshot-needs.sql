-- Pages may show what not everybody may see everywhere (findings): then whoever reads them needs these rights (geo/right), or has made them.
alter table snapshot add column needs text[] not null default '{}';
drop trigger snapshot_kept on snapshot;
create trigger snapshot_kept before update of kind, title, pages, made_by, maker, made_at, sha256, content, drawings, sheets, needs on snapshot
  for each statement execute function snapshot_is_kept();
