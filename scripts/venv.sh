#!/bin/sh
# Makes .venv and installs the pinned packages. Usage: scripts/venv.sh run|test
# A stamp with the digest of the lists says that there is nothing to do.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

case "$1" in
run) list=requirements.txt ;;
test) list=requirements-dev.txt ;;
esac

# A change of the Python or of any list makes every stamp stale; what tests need includes what a run needs.
digest() {
	{
		$python -V
		cat requirements.txt requirements-dev.txt constraints.txt
	} | sha256sum
}

stamped() { [ "$(cat ".venv/installed-$1" 2>/dev/null)" = "$(digest)" ]; }

if ! $python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	if ! base=$(sh scripts/python.sh); then
		echo "Python 3.11 or newer with venv is needed; PYTHON=/path/to/python names one." >&2
		exit 1
	fi
	"$base" -m venv --clear .venv
fi

if stamped "$1" || stamped test; then exit 0; fi

echo "Installing Python packages ($list), about a minute"
# -m pip and not bin/pip: the script names the folder in which the environment was made.
$python -m pip install -qq --disable-pip-version-check --no-input --progress-bar off \
	-r "$list" -c constraints.txt </dev/null
digest >".venv/installed-$1"
