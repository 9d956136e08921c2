-- Addresses and secrets of channels are kept encrypted (server/channel/secrets.ts). Those that stand here in the clear are encrypted at the next
-- start, as the database has no key; copies that were made before (dumps, old rows until they are vacuumed) still hold them.
alter table channel add column sealed boolean not null default false;
