#!/usr/bin/env bash
# scripts/check-layers finds what is planted in a copy of src/: check_layers_test.sh REPOSITORY
set -euo pipefail

repository=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cp -r "$repository/src" "$root"

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}
check() { "$repository/scripts/check-layers" --root "$root" 2>&1; }

# finds WHAT PATH LINE: a file at PATH with that LINE alone is found, by a message that says WHAT.
finds() {
  local expected="src/$2$1" said
  mkdir -p "$(dirname "$root/src/$2")"
  printf '%s\n' "$3" >"$root/src/$2"
  if said=$(check); then fail "not found: $3 in $2"; fi
  [ "$said" = "$expected" ] || fail "expected: $expected" "but was:  $said"
  rm "$root/src/$2"
}

check || fail "the tree has breaches before any is planted"
finds ':1: domain may not include json' domain/planted.hpp '#include "json/writer.hpp"'
finds ':1: domain may not include http' domain/planted.cpp '  #  include "http/server.hpp"  // with spaces'
finds ':1: actors/shard may not include actors/store' actors/shard/planted.hpp '#include "actors/store/writer.hpp"'
finds ':1: http/message may not include http/http1' http/message/planted.cpp '#include "http/http1/refusal.hpp"'
finds ':1: http/resources/health may not include http/resources/keys' http/resources/health/planted.hpp \
  '#include "http/resources/keys/keys_resource.hpp"'
finds ':1: http/access may not include <openssl>' http/access/planted.cpp '#include <openssl/ssl.h>'
finds ':1: http may not include storage/postgres' http/planted.cpp '#include "storage/postgres/store.hpp"'
finds ':1: verify may not include <libpq-fe>' verify/planted.cpp '#include <libpq-fe.h>'
finds ':1: program may not include <restinio>' program/planted.cpp '#include <restinio/all.hpp>'
finds ':1: config may not include <boost>' config/planted.cpp '#include <boost/asio.hpp>'
finds ':1: keys may not include nowhere/else.hpp' keys/planted.hpp '#include "nowhere/else.hpp"'
finds ': its folder is not in the list of scripts/check-layers' attic/planted.hpp '#include <vector>'
finds ': its folder is not in the list of scripts/check-layers' domain/attic/planted.hpp '#include <vector>'

# What is open to all, and what a test includes, is no breach.
printf '#include <%s>\n' unistd.h sys/stat.h vector >"$root/src/domain/planted.cpp"
printf '#include "http/server.hpp"\n#include <gtest/gtest.h>\n' >"$root/src/domain/planted_test.cpp"
check || fail "an include that is allowed counts as a breach"
rm "$root"/src/domain/planted*.cpp

# The list itself does not outlive what it names.
rm -r "$root/src/verify"
said=$(check) && fail "a room without a file is not found"
grep -qx 'scripts/check-layers lists verify, which has no file' <<<"$said" || fail "$said"
