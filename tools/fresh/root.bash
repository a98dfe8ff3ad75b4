# Roots of a freshly bootstrapped Debian, for scripts/fresh and scripts/package, which define fail MESSAGE.

# Compiled objects are kept here for the next time. Whoever compiles in a root may write to it.
object_cache=${XDG_CACHE_HOME:-$HOME/.cache}/ubiety/fresh

# release_of ROOT: its code name.
release_of() { sed -n 's/^VERSION_CODENAME=//p' "$1/etc/os-release"; }

# The mirror that this machine uses.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016  # apt fills this in
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
    grep -v security | head -n 1)
  mirror=${mirror:-http://deb.debian.org/debian}
  echo "${mirror%/}"
}

# bootstrap RELEASE ROOT: Debian's minimum, in which apt and npm reach the network as they do here.
bootstrap() {
  local release=$1 root=$2
  debootstrap --variant=minbase "$release" "$root" "$(debian_mirror)" >"$root.log" || {
    tail -n 5 "$root.log" >&2
    fail "debootstrap failed, see above"
  }
  chmod 755 "$root"
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"  # as in Debian's images: the root is thrown away
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump --no-empty --format '%F "%v";%n' Acquire | grep -E '^Acquire::(http|https|Check)' \
    >"$root/etc/apt/apt.conf.d/90host" || true
  mkdir -p "$root/usr/local/share/ca-certificates"
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
  # A machine without npm has nothing to say about it.
  { cat "$(npm config get globalconfig)" "$(npm config get userconfig)" >"$root/npmrc"; } 2>/dev/null || true
}

# prepare ROOT TREE: mounts what programs expect, and the cache of compiled objects. A root of this machine's release
# finds in there what this machine has compiled in the same folder; in the other roots only the folders below TREE count.
prepare() {
  local root=$1 base_folder=$2 hash_folder=false
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mkdir -p "$root/ccache" "$object_cache"
  if command -v ccache >/dev/null && [ "$(release_of "$root")" = "$(release_of /)" ]; then
    cp -al --update "$(ccache --get-config cache_dir)/." "$object_cache/" 2>/dev/null || true  # links, where possible
    base_folder=$(ccache --get-config base_dir)
    hash_folder=$(ccache --get-config hash_dir)
  fi
  find "$object_cache" -type d -exec chmod 777 {} +
  mount --bind "$object_cache" "$root/ccache"
  printf '%s\n' cache_dir=/ccache umask=000 "base_dir=$base_folder" "hash_dir=$hash_folder" >"$root/etc/ccache.conf"
}

# discard ROOT: unmounts and removes it.
discard() {
  umount --recursive "$1/dev" "$1/proc" "$1/ccache"
  rm -rf --one-file-system "$1"
}

# become USER ROOT FOLDER COMMAND …: the shell becomes the command, run in that folder of the root as that user. Of this
# machine's environment only the proxies are kept.
become() {
  local user=$1 root=$2 folder=$3 name
  shift 3
  local environment=(LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive NPM_CONFIG_USERCONFIG=/npmrc)
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [ -n "${!name:-}" ]; then environment+=("$name=${!name}"); fi
  done
  exec env --ignore-environment PATH="$PATH" chroot "$root" setpriv --reuid="$user" --regid="$user" --init-groups --reset-env \
    env --chdir="$folder" "${environment[@]}" "$@"
}

# inside ROOT FOLDER COMMAND …: runs the command as root.
inside() { (become root "$@"); }
