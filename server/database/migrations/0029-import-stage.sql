-- The stage of an import is written once, by 200,000 rows and more: what nobody asks by costs the most there. The rows of an import go when its work is over.
alter table import_feature drop constraint import_feature_import_id_fkey;
drop index import_feature_key;
