#!/usr/bin/env bash
# A sweep in parts, as many at a time as there are cores, with GNU parallel: ./parallel.sh PARTS SCENARIO --vary … --out FOLDER
# The same again goes on where it was stopped: what is there is not run again.
set -euo pipefail
fenshi=${FENSHI:-npx fenshi}
parts=$1
shift
out=''
for ((i = 1; i < $#; i++)); do
  if [ "${!i}" = --out ]; then
    next=$((i + 1))
    out=${!next}
  fi
done
[ -n "$out" ] || { echo 'say --out FOLDER' >&2; exit 2; }
words=$(printf '%q ' "$@")
# shellcheck disable=SC2086
seq "$parts" | parallel --halt soon,fail=1 "$fenshi sweep $words --jobs 1 --quiet --shard {}/$parts"
$fenshi merge "$out"
