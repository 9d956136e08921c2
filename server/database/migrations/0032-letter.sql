-- Templates of letters, each version kept: what was sent last year can be seen as it was laid out then. The newest counts; one without bytes
-- says that the built-in one counts again.
create table letter_template (
  kind text not null check (kind in ('bulletin', 'order', 'notice')),
  version int not null check (version > 0),
  act text not null check (act in ('upload', 'restore', 'reset')),
  at timestamptz not null,
  by text not null,
  -- As the file was called.
  name text not null,
  words text not null,
  sha256 text,
  bytes bytea,
  primary key (kind, version),
  check ((bytes is null) = (act = 'reset') and (bytes is null) = (sha256 is null))
);
create function letter_template_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'templates of letters are append-only' using errcode = '42501';
end $$;
create trigger letter_template_kept before update or delete on letter_template for each statement execute function letter_template_is_kept();
