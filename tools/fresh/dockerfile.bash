# Carries out a Dockerfile without a container engine, for scripts/fresh: each stage in a root of its own, with the
# instructions that the Dockerfile of this repository has. Another instruction is an error.

# The instructions, one a line.
instructions() { sed -e '/^#/d' -e '/^$/d' -e ':join' -e '/\\$/{N;s/\\\n */ /;b join' -e '}' Dockerfile; }

# The release that the stages begin with.
dockerfile_release() { sed -n 's/^FROM debian:\([a-z]*\).*/\1/p' Dockerfile | sort -u; }

# words JSON-ARRAY: its elements, one a line.
words() { jq -r '.[]' <<<"$1"; }

# copy ROOT FOLDER [--from=STAGE] SOURCE … TARGET, from the clone or from an earlier stage's root.
copy() {
  local root=$1 folder=$2 from=$context
  shift 2
  if [[ $1 == --from=* ]]; then
    from=${stage_roots[${1#--from=}]}
    shift
  fi
  local target=${!#} source
  [[ $target == /* ]] || target=$folder/$target
  for source in "${@:1:$#-1}"; do
    # A folder's content is copied, and a target that ends in a slash is a folder.
    if [[ $target == */ || $target == */. ]]; then mkdir -p "$root$target"; fi
    # shellcheck disable=SC2086  # a pattern
    if [ -d "$from/$source" ]; then cp -a "$from/$source/." "$root$target"; else cp -a $from/$source "$root$target"; fi
  done
}

# try_dockerfile BASE: makes the last stage's root from BASE and has the service in it pass the health check.
try_dockerfile() {
  local base=$1 root='' folder=/ user=root entry='' health='' instruction arguments files
  local -A stage_roots=()
  local context=$base-context
  git clone --quiet "file://$PWD" "$context"
  rm -rf "$context/.git"
  while read -r instruction arguments; do
    case "$instruction" in
      FROM)
        root=$base-stage-${#stage_roots[@]}
        cp -a --reflink=auto "$base" "$root"
        prepare "$root" "$(sed -n 's/^WORKDIR //p' Dockerfile | head -n 1)"
        stage_roots[${arguments#* AS }]=$root
        folder=/ user=root
        ;;
      WORKDIR) folder=$arguments && mkdir -p "$root$folder" ;;
      COPY)
        read -ra files <<<"$arguments"
        copy "$root" "$folder" "${files[@]}"
        ;;
      RUN)
        (become "$user" "$root" "$folder" sh -c "$arguments") >"$root.log" 2>&1 </dev/null || {
          tail -n 40 "$root.log" >&2
          fail "the Dockerfile's RUN $arguments failed, see above"
        }
        ;;
      USER) user=$arguments ;;
      ENTRYPOINT) mapfile -t entry < <(words "$arguments") ;;
      HEALTHCHECK) health=${arguments#*CMD } ;;
      VOLUME | EXPOSE) ;;
      *) fail "the Dockerfile's $instruction is not known to tools/fresh/dockerfile.bash" ;;
    esac
  done < <(instructions)
  serve_image "$root" "$folder" "$user"
}

# serve_image ROOT FOLDER USER: starts the entry point and has it pass the health check.
serve_image() {
  local root=$1 folder=$2 user=$3 port service end
  port=$(free_port)
  become "$user" "$root" "$folder" env HOST=127.0.0.1 PORT="$port" "${entry[@]}" >"$root.log" 2>&1 &
  service=$!
  end=$((SECONDS + 30))
  until (become "$user" "$root" "$folder" env PORT="$port" sh -c "$health") &>/dev/null; do
    if ! kill -0 "$service" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
      tail -n 40 "$root.log" >&2
      fail "the image's health check does not pass, see above"
    fi
    sleep 0.2
  done
  stop "$service"
}
