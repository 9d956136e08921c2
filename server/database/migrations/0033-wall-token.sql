-- Viewing tokens of the wall (/wall): a screen that nobody signs in at. The secret itself is shown once and kept nowhere.
create table wall_token (
  id int generated always as identity primary key,
  -- Where the screen hangs.
  name text not null,
  token_hash text not null unique,
  -- May it show supervision orders and findings, which not everybody reads?
  due boolean not null,
  issued_by text not null,
  issued_at timestamptz not null,
  -- Null: until it is revoked.
  expires_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  -- Noted once a minute at most.
  seen_at timestamptz,
  seen_from text,
  uses int not null default 0,
  check ((revoked_at is null) = (revoked_by is null))
);

-- What a token may, and that it was revoked, is never taken back: another one is issued.
create function wall_token_is_kept() returns trigger language plpgsql as $$
begin
  if (new.token_hash, new.due, new.issued_by, new.issued_at) is distinct from (old.token_hash, old.due, old.issued_by, old.issued_at)
     or new.expires_at is distinct from old.expires_at or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at) then
    raise exception 'a token stays what it is' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger wall_token_kept before update on wall_token for each row execute function wall_token_is_kept();
