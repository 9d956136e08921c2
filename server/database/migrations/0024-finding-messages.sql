-- People are told of the ledger too.
alter table inbox_item drop constraint inbox_item_kind_check,
  add constraint inbox_item_kind_check check (kind in ('report-due', 'report-overdue', 'report-returned', 'review-waiting', 'light-red', 'order-issued', 'order-due',
                                                       'order-overdue', 'order-answered', 'order-changed', 'finding-due', 'finding-overdue', 'finding-changed', 'reminded', 'note'));
