#!/bin/sh
# Brings Temporal's two databases to the schemas inside this image's tool. Safe to repeat; runs before a newer server starts.
set -eu
SQL_PASSWORD="$(cat "${SECRETS_DIR:-/run/secrets}/temporal_database_password")"
export SQL_PASSWORD

bring() {
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema --schema-name "$2"
}
bring temporal postgresql/v12/temporal
bring temporal_visibility postgresql/v12/visibility
