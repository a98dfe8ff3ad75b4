#!/usr/bin/env bash
# manual_page_test.sh UBIETYD: the manual page is one that man takes without a warning, and tells of every setting.
set -euo pipefail
ubietyd=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

"$ubietyd" --print-man-page >"$folder/ubietyd.8"
warnings=$(MANWIDTH=100 LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l "$folder/ubietyd.8" 2>&1 >"$folder/text")
[ -z "$warnings" ] || fail "$warnings"

settings=$("$ubietyd" --print-env-example | sed -n 's/^# \([A-Z_]*\)=.*/\1/p')
[ "$(wc -l <<<"$settings")" -gt 40 ]
for word in NAME COMMANDS SIGNALS 'migrate up' verify --print-man-page $settings; do
  grep -q -e "$word" "$folder/text" || fail "the page does not tell of $word"
done
# What is asked for with a backslash or a dot at a line's beginning must stand as it is.
grep -q -e 'sqlite:data/ubiety.db' "$folder/text" || fail "the page does not show the default store"
