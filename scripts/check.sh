#!/bin/sh
# Checks what can be checked without running the platform; changes nothing. Every check runs, and only
# those that find something say more than a word.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
cache="${VOTING_VAR:-var}/cache"
export RUFF_CACHE_DIR="$cache/ruff" MYPY_CACHE_DIR="$cache/mypy"
place=$(mktemp -d)
log="$place/log"
trap 'rm -rf "$place"' EXIT
result=0

check() {
	title="$1"
	shift
	if "$@" >"$log" 2>&1; then
		echo "ok     $title"
	else
		result=1
		echo "FOUND  $title: $*"
		cat "$log"
	fi
}

# On a database of their own: nobody else's is touched, and a fresh clone has none.
migrations() (
	unset VOTING_DATABASE_URL VOTING_SECRETS
	export VOTING_VAR="$place"
	$python -m flask --app wsgi schema upgrade && $python -m flask --app wsgi schema check
)

code=""
for path in voting tests bench wsgi.py verify_bundle.py; do
	[ ! -e "$path" ] || code="$code $path"
done

check "format" $python -m ruff format --check .
check "lint" $python -m ruff check .
# shellcheck disable=SC2086
check "types" $python -m mypy --strict --explicit-package-bases $code
check "import contracts" .venv/bin/lint-imports --no-logo --cache-dir "$cache/imports"
check "migrations" migrations
exit $result
