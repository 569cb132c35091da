#!/bin/sh
# The server image reads its password from the environment; this one reads it from a file first.
set -eu
POSTGRES_PWD="$(cat "${SECRETS_DIR:-/run/secrets}/temporal_database_password")"
export POSTGRES_PWD
exec "${TEMPORAL_ENTRYPOINT:-/etc/temporal/entrypoint.sh}"
