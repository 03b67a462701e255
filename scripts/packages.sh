#!/bin/sh
# Installs what this machine lacks outside Python. Usage: scripts/packages.sh run|test
# Looks first and asks apt only for what is missing, so that a second run takes no time and a machine
# that is not Debian, but has everything, is content.
set -eu
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin:/sbin"
missing=""

need() { missing="$missing $1"; }

has_command() {
	for name in "$@"; do
		if command -v "$name" >/dev/null 2>&1; then return 0; fi
	done
	return 1
}

has_library() { printf '%s\n' "$libraries" | grep -q "$1"; }

look_for_run() {
	libraries=$(ldconfig -p 2>/dev/null || true)
	.venv/bin/python -c '' 2>/dev/null || sh scripts/python.sh >/dev/null || need python3-venv
	[ -e /usr/share/zoneinfo/Asia/Shanghai ] || need tzdata
	has_library 'libpango-1\.0\.' || need libpango-1.0-0
	has_library 'libpangoft2-1\.0\.' || need libpangoft2-1.0-0
	has_library 'libharfbuzz-subset\.' || need libharfbuzz-subset0
}

look_for_test() {
	has_command chromium chromium-browser google-chrome || need chromium
	has_command pdftoppm || need poppler-utils
	# Without any Chinese typeface the pictures that tests leave would show empty boxes.
	[ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ] || need fonts-wqy-microhei
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || has_command initdb || need postgresql
}

by_hand() {
	echo "Please install by hand (these are Debian's names):$missing" >&2
	exit 1
}

apt() {
	# --no-install-recommends: the recommended half is desktops and mail servers.
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq \
		-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null >"$log" 2>&1
}

"look_for_$1"
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null 2>&1 || by_hand
as_root=""
if [ "$(id -u)" -ne 0 ]; then
	if sudo -n true 2>/dev/null; then
		as_root="sudo -n"
	elif has_command sudo && [ -t 0 ]; then
		as_root="sudo"
	else
		by_hand
	fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing:$missing"
# The list of packages is asked for anew only when the one at hand does not serve: it is often fresh.
# shellcheck disable=SC2086
if ! apt install -y --no-install-recommends $missing; then
	apt update || true
	if ! apt install -y --no-install-recommends $missing; then
		tail -n 5 "$log" >&2
		by_hand
	fi
fi
