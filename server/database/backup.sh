#!/bin/sh
# Copies the PostgreSQL database to a file, or brings a file back. The server of libpq's variables (PGHOST, PGUSER, PGDATABASE, PGPASSWORD) is meant.
#
#   backup.sh                  writes BACKUPS/<database>-<time>.dump
#   backup.sh restore <file>   makes it the database; the one that was there stays beside it as <database>_until_<time>. Stop the servers first.
set -eu

now=$(date -u +%Y%m%dT%H%M%SZ)

dump() {
  file="${BACKUPS:-/backups}/$PGDATABASE-$now.dump"
  # Under another name until it is whole and can be read: a broken copy must not look like a backup.
  pg_dump --format=custom --no-owner --file="$file.part"
  pg_restore --list "$file.part" >/dev/null
  mv "$file.part" "$file"
  echo "$file"
}

restore() {
  [ -r "$1" ] || { echo "$1 cannot be read" >&2; exit 1; }
  # Beside the old one first: when anything is wrong with the file, nothing has been lost.
  fresh="${PGDATABASE}_fresh_$now"
  createdb --template=template0 --encoding=UTF8 "$fresh"
  if ! pg_restore --dbname="$fresh" --no-owner --exit-on-error --single-transaction "$1"; then
    dropdb "$fresh"
    exit 1
  fi
  psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=postgres \
    --command="alter database \"$PGDATABASE\" rename to \"${PGDATABASE}_until_$now\"" \
    --command="alter database \"$fresh\" rename to \"$PGDATABASE\""
  echo "$PGDATABASE is as in $1; what it was before is ${PGDATABASE}_until_$now"
}

case "${1:-dump}" in
  dump) dump ;;
  restore) restore "${2:?name the file to restore}" ;;
  *) echo "usage: backup.sh [dump | restore <file>]" >&2; exit 2 ;;
esac
