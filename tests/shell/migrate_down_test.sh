#!/usr/bin/env bash
# `ubietyd migrate down` on a terminal: migrate_down_test.sh UBIETYD. script(1) is the terminal.
set -euo pipefail

ubietyd=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "migrate_down_test: $*" >&2
  exit 1
}
# answered ANSWER: what is said on the terminal of someone who types this.
answered() { printf '%s\n' "$1" | script --quiet --return --command "'$ubietyd' migrate down" /dev/null; }
applied() { "$ubietyd" migrate status | grep -c ': applied$' || true; }

"$ubietyd" migrate up >/dev/null
before=$(applied)
newest=$("$ubietyd" migrate status | tail -n 1 | sed 's/^[0-9]* //; s/:.*//')

for answer in n '' no nonsense; do
  if said=$(answered "$answer"); then fail "the answer '$answer' is a success: $said"; fi
  [[ $said == *"($newest)"* ]] || fail "the migration is not named: $said"
  [[ $said == *'nothing was changed'* ]] || fail "it is not said that nothing was changed: $said"
  [ "$(applied)" = "$before" ] || fail "the answer '$answer' takes a migration back"
done

said=$(answered y) || fail "the answer y fails: $said"
[[ $said == *"1 reverted: "*"($newest)"* ]] || fail "what was taken back is not named: $said"
[ "$(applied)" = $((before - 1)) ] || fail "not one migration was taken back"
