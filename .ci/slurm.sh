#!/usr/bin/env bash
# Tries examples/sweep/slurm.sh on Slurm: Debian's packages on this one host, as root, with a configuration of its own in a folder that is removed at the end.
# Ends with exit code 0 where the array's tables are those of the sweep at once. Takes a minute or two.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v slurmctld >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge; }
here=$(mktemp -d)
host=$(hostname -s)
stop() {
  for name in slurmd slurmctld munged; do [ ! -f "$here/$name.pid" ] || kill "$(cat "$here/$name.pid")" 2>/dev/null || true; done
  sleep 1
  rm -rf "$here"
}
trap stop EXIT
mkdir -p "$here"/{state,spool,munge}
chmod 755 "$here"
chmod 700 "$here/munge"
head -c 1024 /dev/urandom >"$here/munge/key"
chmod 400 "$here/munge/key"
munged --force --key-file="$here/munge/key" --socket="$here/munge.socket" --pid-file="$here/munged.pid" --log-file="$here/munge/log" --seed-file="$here/munge/seed"
cat >"$here/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$here/munge.socket
CredType=cred/munge
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd.pid
SlurmctldLogFile=$here/slurmctld.log
SlurmdLogFile=$here/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
NodeName=$host CPUs=$(nproc) RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF
export SLURM_CONF="$here/slurm.conf"
slurmctld
slurmd
for _ in $(seq 30); do
  if sinfo -h -o %T 2>/dev/null | grep -q idle; then break; fi
  sleep 1
done
sinfo

export FENSHI="$PWD/node_modules/.bin/tsx --conditions=fenshi-src $PWD/src/cli/main.ts"
words=("$PWD/scenarios/tiny.yaml" --vary 'load=81%..100%' --strategy time-share --replications 5)
cd "$here"
"$OLDPWD/examples/sweep/slurm.sh" 4 "$here/array" "${words[@]}"
for _ in $(seq 300); do [ -n "$(squeue -h)" ] || break; sleep 1; done
squeue
cat slurm-*.out
$FENSHI sweep "${words[@]}" --out "$here/once" --quiet
for file in sweep.csv sweep-means.csv manifest.json; do cmp "$here/array/$file" "$here/once/$file"; done
echo "$(find "$here/array/cells" -name "*.json" | wc -l) cells in an array of 4: the tables are those of the sweep at once"
