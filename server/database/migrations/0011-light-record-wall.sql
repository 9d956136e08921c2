-- The second wall before the records of lights: whoever approves a report may record what it changed, in their own place only.
alter table light_record enable row level security;
create policy light_record_seen on light_record for select using (true);
create policy light_record_added on light_record for insert with check (person_may_touch(plan_id, measure_id, town));
