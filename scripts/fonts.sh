#!/usr/bin/env bash
# Brings the typefaces of the printed papers into DEST (default: fonts/ under VOTING_VAR, else var/fonts).
#
#   scripts/fonts.sh [DEST]
#
# The five Fandol faces and Noto Serif CJK come out of their Debian packages; nothing is installed.
# Exit code 0 even when they cannot be had: papers then use any Chinese typeface of the system.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
dest=${1:-${VOTING_VAR:-$root/var}/fonts}

fandol="FandolSong-Bold.otf FandolFang-Regular.otf FandolHei-Regular.otf FandolKai-Regular.otf FandolSong-Regular.otf"
noto="NotoSerifCJK-Regular.ttc NotoSerifCJK-Bold.ttc"

has_all() {
  local name
  for name in "$@"; do [ -s "$dest/$name" ] || return 1; done
}

# shellcheck disable=SC2086 # the lists are words on purpose
if has_all $fandol $noto; then
  exit 0
fi

fail() {
  echo "fonts: $1" >&2
  echo "fonts: the printed papers will use any Chinese typeface of this system." >&2
  echo "fonts: to mend it, run scripts/fonts.sh again with a network, or put the street's own" >&2
  echo "fonts: typefaces (方正小标宋, 仿宋_GB2312, 楷体, 黑体, 宋体) in the folder VOTING_FONT_DIR." >&2
  exit 0
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || fail "no apt-get or dpkg-deb here"

mkdir -p "$dest" 2>/dev/null && [ -w "$dest" ] || fail "cannot write to $dest"
work=$(mktemp -d "$dest/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

apt() {
  (cd "$work" && apt-get -q -o APT::Sandbox::User=root -o Acquire::http::Timeout=30 \
    -o Acquire::Retries=1 "$@" >"$work/log" 2>&1)
}

# A failed download on a machine without package lists is tried once more after `apt-get update`.
listed=no
download() {
  apt download "$1" && return 0
  [ "$listed" = no ] && [ "$(id -u)" = 0 ] || return 1
  listed=yes
  apt update && apt download "$1"
}

# take PACKAGE NAME...: move the named files of a package to DEST, one at a time, so that a run that was
# cut short leaves whole files only.
take() {
  local package=$1 name found
  shift
  has_all "$@" && return 0
  echo "fonts: fetching $package" >&2
  download "$package" || return 1
  dpkg-deb -x "$work/$package"_*.deb "$work/files" || return 1
  for name in "$@"; do
    found=$(find "$work/files" -type f -name "$name" -print -quit)
    [ -n "$found" ] && mv "$found" "$dest/$name" && chmod 644 "$dest/$name" || return 1
  done
  rm -rf "$work/files" "$work/$package"_*.deb
}

lacking=""
# shellcheck disable=SC2086
take texlive-lang-chinese $fandol || lacking="the Fandol faces could not be fetched"
# shellcheck disable=SC2086
take fonts-noto-cjk $noto || lacking="${lacking:+$lacking, }Noto Serif CJK could not be fetched"

if [ -n "$lacking" ]; then
  [ -s "$work/log" ] && tail -n 1 "$work/log" >&2
  fail "$lacking"
fi
