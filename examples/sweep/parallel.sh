#!/usr/bin/env bash
# A sweep in parts, as many at a time as there are cores, with GNU parallel: ./parallel.sh PARTS FOLDER SCENARIO --vary …
# The same again goes on where it was stopped: what is there is not run again.
set -euo pipefail
fenshi=${FENSHI:-npx fenshi}
parts=$1 folder=$2
shift 2
words=$(printf '%q ' "$@" --out "$folder")
seq "$parts" | parallel --halt soon,fail=1 "$fenshi sweep $words --jobs 1 --quiet --shard {}/$parts"
$fenshi merge "$folder"
