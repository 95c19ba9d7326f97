#!/bin/bash
# Run once by the image of PostgreSQL, as its superuser, when the volume is new. It must stay executable: the image
# would read it into its own shell otherwise.
# Two roles: the server connects as the owner of the tables, and works as one that row-level security binds.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" --username postgres --dbname postgres <<'SQL'
create role switchboard login password :'password';
create role switchboard_app nologin nobypassrls;
grant switchboard_app to switchboard;
create database switchboard owner switchboard;
SQL
