#!/bin/bash
# Serves: the web server and the one consumer of long jobs. Ctrl-C, or the end of either, ends both.
set -u
cd "$(dirname "$0")/.."

sh scripts/web.sh &
web=$!
.venv/bin/python -m flask --app wsgi jobs run &
jobs=$!

stop() {
	trap '' INT TERM
	kill "$web" "$jobs" 2>/dev/null
	wait
}
trap 'stop; exit 0' INT TERM

wait -n "$web" "$jobs"
status=$?
stop
# Whichever ended by itself ended too early: say so, even if it called itself content.
exit $((status == 0 ? 1 : status))
