#!/usr/bin/env bash
# build_test.sh SOURCES: scripts/build configures the tests only when they are wanted, and gets over build folders that are
# of no use any more. In a copy of SOURCES; ubiety_domain stands for the service, since it is built in a moment.
set -euo pipefail
sources=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tree=$folder/tree
mkdir "$tree"
(cd "$sources" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$tree")
ln -s "$sources/web/node_modules" "$tree/web/node_modules"

fail() {
  cat "$folder/log" >&2
  printf '%s\n' "$*" >&2
  exit 1
}
# builds WHAT: the service's library is there after a build, in a build folder in which WHAT is so.
builds() {
  rm -f "$tree/build/release/libubiety_domain.a"
  "$tree/scripts/build" release ubiety_domain >"$folder/log" 2>&1 || fail "it does not build $1"
  [ -f "$tree/build/release/libubiety_domain.a" ] || fail "nothing is built $1"
}
cached() { grep -q "$1" "$tree/build/release/CMakeCache.txt"; }

builds "for the first time"
if cached GTest; then fail "the service alone looks for GoogleTest"; fi

rm "$tree/build/release/build.ninja"
builds "after a configuration that was interrupted"

: >"$tree/build/release/CMakeCache.txt"
builds "after a configuration that was interrupted early"

sed -i 's|^\(CMAKE_CXX_COMPILER:FILEPATH\)=.*|\1=/nowhere/g++|' "$tree/build/release/CMakeCache.txt"
builds "with a compiler that is gone"

sed -i 's|^\(HTTP_PARSER_LIBRARY:FILEPATH\)=.*|\1=/nowhere/libhttp_parser.so|' "$tree/build/release/CMakeCache.txt"
builds "with a library that is gone"

cp -a "$tree" "$folder/copy"
tree=$folder/copy
builds "in a copy of the working tree"
cached "CMAKE_HOME_DIRECTORY:INTERNAL=$tree\$" || fail "the copy builds the sources of the original"

"$tree/scripts/build" release help >"$folder/log" 2>&1 || fail "it does not configure the tests"
cached GTest || fail "more than the service is built, and the tests are not configured"
builds "with the tests configured"
cached GTest || fail "the tests are no longer configured after a build of the service"

cmake -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON "$tree/build/release" >"$folder/log" 2>&1 && fail "GoogleTest is found all the same"
touch "$tree/CMakeLists.txt"
builds "with the tests configured and GoogleTest gone"
