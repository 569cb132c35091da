#!/bin/sh
# Run once by the PostgreSQL image, in an empty data folder: a user and a database for each who needs one, no more.
# Passwords come from files and reach psql through its environment, so no list of processes shows them.
set -eu
secrets="${SECRETS_DIR:-/run/secrets}"
TEMPORAL_PASSWORD="$(cat "$secrets/temporal_database_password")"
STORE_PASSWORD="$(cat "$secrets/store_database_password")"
export TEMPORAL_PASSWORD STORE_PASSWORD

psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv temporal TEMPORAL_PASSWORD
\getenv store STORE_PASSWORD
create role temporal login password :'temporal';
create role selvedge login password :'store';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create database selvedge owner selvedge;
revoke connect on database temporal, temporal_visibility, selvedge from public;
SQL
