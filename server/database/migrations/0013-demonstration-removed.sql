-- A list may be stored anew while its plan holds nothing but the demonstration. Only then are reports taken out: synthetic ones, of the
-- plan that the transaction says it replaces, by whoever is bound to no town. Real reports stay out of reach of the application's role.
create policy report_demonstration_removed on report for delete
  using (
    demo
    and coalesce(current_setting('xiangtu.everywhere', true), '') = 'on'
    and plan_id::text = coalesce(current_setting('xiangtu.replaced_plan', true), ''));
