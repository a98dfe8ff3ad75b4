#!/usr/bin/env bash
# setup_web_test.sh SOURCES: without npm's registry scripts/setup-web says so in our words, and within seconds.
set -euo pipefail
sources=$1
folder=$(mktemp -d)
silent=
clean_up() {
  [ -z "$silent" ] || kill "$silent"
  rm -rf "$folder"
}
trap clean_up EXIT

# Takes connections and says nothing.
python3 - >"$folder/port" <<'END' &
import socket, sys, time
listener = socket.create_server(("127.0.0.1", 0), backlog=100)
print(listener.getsockname()[1], flush=True)
time.sleep(300)
END
silent=$!
until [ -s "$folder/port" ]; do sleep 0.05; done
silent_url=http://127.0.0.1:$(cat "$folder/port")/
refused_url=http://127.0.0.1:1/

# gives_up NAME VARIABLE=VALUE …: with that environment, and nothing in npm's cache.
gives_up() {
  local name=$1 tree=$folder/$1 begin=$SECONDS
  shift
  mkdir -p "$tree/scripts" "$tree/web"
  cp "$sources/scripts/setup-web" "$tree/scripts/"
  cp "$sources"/web/{package.json,package-lock.json,.npmrc} "$tree/web/"
  if env npm_config_cache="$tree/cache" "$@" timeout 60 "$tree/scripts/setup-web" run >"$tree/log" 2>&1; then
    echo "$name: packages are installed" >&2
    return 1
  fi
  # Half of the limit is for a machine that is busy.
  if ! grep -q "scripts/setup-web: npm's registry .* could not be used" "$tree/log" || [ $((SECONDS - begin)) -gt 50 ]; then
    cat "$tree/log" >&2
    echo "$name: no message of ours, or only after $((SECONDS - begin)) s" >&2
    return 1
  fi
}

trials=()
gives_up silent_registry npm_config_registry="$silent_url" & trials+=($!)
gives_up refusing_registry npm_config_registry="$refused_url" & trials+=($!)
gives_up silent_proxy npm_config_registry=https://registry.npmjs.org/ https_proxy="$silent_url" & trials+=($!)
gives_up refusing_proxy npm_config_registry=https://registry.npmjs.org/ https_proxy="$refused_url" & trials+=($!)
for trial in "${trials[@]}"; do wait "$trial"; done
