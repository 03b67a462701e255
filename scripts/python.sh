#!/bin/sh
# Prints the first Python of this machine that can make the virtual environment (3.11 or newer, with
# venv). PYTHON names another one.
set -eu

for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3}; do
	if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
		command -v "$candidate"
		exit 0
	fi
done
exit 1
