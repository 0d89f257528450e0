#!/usr/bin/env bash
# A sweep as a Slurm array, and a job that merges when all of its tasks are done: ./slurm.sh PARTS FOLDER SCENARIO --vary …
# Put half a minute of work or more into a part: starting a task takes seconds. Submitted again, it runs only what is missing.
set -euo pipefail
fenshi=${FENSHI:-npx fenshi}
parts=$1 folder=$2
shift 2
words=$(printf '%q ' "$@" --out "$folder")
array=$(sbatch --parsable --job-name=fenshi-sweep --array="1-$parts" --cpus-per-task=1 --mem=1G --wrap="$fenshi sweep $words --jobs 1 --quiet --shard auto")
merge=$(sbatch --parsable --job-name=fenshi-merge --dependency="afterok:$array" --mem=2G --wrap="$fenshi merge $(printf '%q' "$folder")")
echo "array $array, then merge $merge: squeue --jobs=$array,$merge; slurm-$merge.out will hold the table"
