-- After how many days a review is overdue is said once, in the rules of reminders, where it is counted in working days.
alter table plan drop column review_days;
