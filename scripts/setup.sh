#!/bin/sh
# Installs whatever is missing; does nothing, and quickly, when nothing is.
# Usage: scripts/setup.sh run|test
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
run | test) ;;
*)
	echo "Usage: scripts/setup.sh run|test" >&2
	exit 2
	;;
esac

sh scripts/packages.sh run
sh scripts/venv.sh "$1"
bash scripts/fonts.sh
if [ "$1" = test ]; then
	sh scripts/packages.sh test ||
		echo "Tests that need them will be skipped, and the summary will say which." >&2
fi
