#!/usr/bin/env bash
# completions_test.sh UBIETYD: what bash and zsh make of a command line that is half typed.
set -euo pipefail
ubietyd=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$ubietyd" --print-bash-completion >"$folder/ubietyd"
"$ubietyd" --print-zsh-completion >"$folder/_ubietyd"
touch "$folder/spool.db"
failures=0

# shellcheck source=/dev/null
source "$folder/ubietyd"

# expect SHELL LINE FOUND WANTED: the words that were found are the wanted ones.
expect() {
  if [ "$3" != "$4" ]; then
    printf '%s: "%s" completes to "%s", not "%s"\n' "$1" "$2" "$3" "$4" >&2
    failures=$((failures + 1))
  fi
}

# in_bash WANTED WORD…: the last word is the one that is half typed.
in_bash() {
  local wanted=$1
  shift
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  (cd "$folder" && _ubietyd && printf '%s\n' "${COMPREPLY[*]}") >"$folder/found"
  expect bash "${*}" "$(cat "$folder/found")" "$wanted"
}

in_bash 'migrate' ubietyd mi
in_bash 'up' ubietyd migrate u
in_bash '--partition-by' ubietyd --part
in_bash 'day month' ubietyd --partition-by ''
in_bash 'month' ubietyd --partition-by = mo
in_bash 'true false' ubietyd serve --debug =
in_bash 'spool.db' ubietyd --spool-path sp
in_bash '' ubietyd --port ''
in_bash '--url' ubietyd verify --url
in_bash 'status' ubietyd --port 8001 migrate st

# shellcheck disable=SC2016  # zsh expands it
# zsh completes only on a terminal: a line is typed, a tab behind it, and what the line has become is read.
in_zsh() {
  local wanted=$1 line=$2 found
  found=$(cd "$folder" && TERM=dumb timeout 60 zsh -f -c '
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PROMPT=; RPROMPT=; unsetopt zle_bracketed_paste; fpath=($1 \$fpath); autoload -Uz compinit && compinit -u -D"
    zpty -w shell "show() { print -r -- \"<<\$BUFFER>>\" }; zle -N show; bindkey ^T show; echo rea\"\"dy"
    zpty -r -m shell text "*ready*"
    zpty -n -w shell "$2"$'"'\\t\\x14'"'
    zpty -r -m shell text "*<<*>>*"
    print -r -- "${${text##*<<}%%>>*}"
    zpty -d shell' zsh "$folder" "$line")
  expect zsh "$line" "$found" "$wanted"
}

in_zsh 'ubietyd migrate ' 'ubietyd mi'
in_zsh 'ubietyd migrate status ' 'ubietyd migrate st'
in_zsh 'ubietyd --partition-by=' 'ubietyd --part'
in_zsh 'ubietyd --partition-by=month ' 'ubietyd --partition-by=mo'
in_zsh 'ubietyd --spool-path=spool.db ' 'ubietyd --spool-path=sp'
in_zsh 'ubietyd verify --url=' 'ubietyd verify --ur'

[ "$failures" -eq 0 ]
