-- Sessions that single sign-on opened: their person has shown who they are elsewhere and needs no password here, not even a first one.
alter table session add column by_sso boolean not null default false;
-- The trail is searched by what was done.
create index audit_action on audit (action, id);
