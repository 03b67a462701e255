#!/bin/sh
# The web server in the foreground, on the loopback address: a reverse proxy brings the world to it.
# Usage: scripts/web.sh [MODULE:APP]
# An argument names another app, for measurements. PORT and VOTING_WORKERS as in docs/3_operations.md. No access log: a card's address is its secret.
set -eu
cd "$(dirname "$0")/.."

export GRANIAN_LOG_LEVEL="${GRANIAN_LOG_LEVEL:-warning}"
exec .venv/bin/python -m granian --interface wsgi --http 1 --no-ws \
	--host 127.0.0.1 --port "${PORT:-8000}" --workers "${VOTING_WORKERS:-2}" --blocking-threads 4 \
	--respawn-failed-workers --workers-kill-timeout 10 --no-access-log \
	"${1:-wsgi:app}"
