#!/bin/sh
# Writes constraints.txt: the version of every package that requirements-dev.txt brings along, as
# resolved today in an environment made for this and thrown away.
set -eu
cd "$(dirname "$0")/.."

base=$(sh scripts/python.sh)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$base" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
	-r requirements-dev.txt </dev/null
{
	echo "# Every version that gets installed; the direct ones are chosen in requirements*.txt."
	echo "# Written by make lock. Do not edit."
	"$place/venv/bin/python" -m pip freeze --disable-pip-version-check
} >"$place/constraints.txt"
mv "$place/constraints.txt" constraints.txt
