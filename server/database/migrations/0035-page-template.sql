-- A district's own templates and logos. What is removed stays, so that it can come back; pages made by it keep what they froze.
create table page_logo (
  id int generated always as identity primary key,
  name text not null,
  sha256 text not null,
  width int not null,
  height int not null,
  -- A PNG that we have drawn ourselves.
  bytes bytea not null,
  added_by text not null,
  added_at timestamptz not null,
  removed_at timestamptz
);
create table page_template (
  id int generated always as identity primary key,
  version int not null default 1,
  name text not null,
  template text not null check (template in ('briefing', 'wide', 'figures', 'problems', 'mono', 'slide')),
  paper text not null,
  -- JSON (geo/snapshot/block).
  blocks jsonb not null,
  logo_id int references page_logo,
  changed_by text not null,
  changed_at timestamptz not null,
  removed_at timestamptz
);
create unique index page_template_name on page_template (name) where removed_at is null;
