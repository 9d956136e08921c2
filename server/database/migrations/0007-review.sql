-- The reviewer's clock: after so many days a report that waits is overdue for its reviewer. Levels and days are changed together, by version.
alter table plan
  add column review_days int not null default 5 check (review_days between 1 and 90),
  add column review_version int not null default 1;

-- What waits and what was returned is a small part of all reports.
create index report_under_way on report (plan_id, state) where state in ('submitted', 'endorsed', 'returned');
