#!/bin/bash
# A Dask cluster for the length of a job, and one client of it:
#
#     daskcnn @shown@
#
# Printed by `daskcnn sbatch` of daskcnn @version@, for you to read, keep and change; `sbatch FILE` submits it.
# Of @ranks@ ranks the first is the scheduler, the others are @workers@ workers. The client runs beside the scheduler.
# shellcheck disable=SC2317 # Functions are sent to the nodes, or called by a trap.
@directives@

# What this site needs, and which Python: it must be there on every node.
@site@
export python=@python@

set -u
# Runs are kept here: a folder on a file system that all nodes and the login node see, and never a node's own.
export DASKCNN_STORE=@store@
# A requeued job keeps its number; with the count of its restarts, nothing of an earlier start is taken for its own.
export tag=daskcnn-$SLURM_JOB_ID-${SLURM_RESTART_COUNT:-0}
# The scheduler writes its address here, for the workers and the client: on a shared file system too.
export contact=$PWD/$tag.json
# Dask does not see what Slurm allows: the ranks of a node share the memory that the job has there, in bytes.
memory=$("$python" -c 'import sys; from daskcnn.cluster.allocation import memory, share
print(share(memory(), int(sys.argv[1])))' "$SLURM_NTASKS_PER_NODE") || exit
export memory

# A worker is one thread, numeric libraries included; what Dask says is a warning or worse.
@environment@

say() { echo "daskcnn: $*" >&2; }
alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }
ends_within() { # SECONDS PID
    local tenths
    for ((tenths = 0; tenths < 10 * $1; tenths++)); do
        alive "$2" || return 0
        sleep 0.1
    done
    return 1
}

# --- What runs on the nodes ---

# Scratch lies on each node's own disk.
scratch() { echo @scratch@/"$tag"; }

@serve@

# A rank: what it serves, with scratch of its own that goes when it ends, also by scancel or at the time limit.
rank() {
    local own code
    own=$(scratch)/$SLURM_PROCID
    mkdir -p "$own" || return
    TMPDIR=$own DASK_TEMPORARY_DIRECTORY=$own serve &
    trap 'kill "$!" 2>/dev/null' TERM INT
    wait "$!" 2>/dev/null
    code=$?
    # A signal ends the wait at once, and what was waited for perhaps later than Slurm has patience.
    ends_within 2 "$!" || kill -KILL "$!"
    # A rank that cannot start leaves the others to wait: the job is told.
    ((code == 0)) || [ -s "$contact" ] || touch "$contact.failed"
    rm -rf "$own"
    rmdir "$(scratch)" 2>/dev/null
    return "$code"
}

# --- How the job ends, whatever ends it ---

cluster='' client='' told=''
finish() {
    local code=$?
    trap - EXIT
    trap '' TERM INT
    alive "$client" && kill "$client"
    # In good order where there is time: a killed srun complains of every rank.
    if [ -z "$told" ] && alive "$cluster"; then
        timeout 15 "$python" -c 'import sys; from distributed import Client
Client(scheduler_file=sys.argv[1], timeout=5).shutdown()' "$contact" >/dev/null 2>&1
        ends_within 10 "$cluster"
    fi
    rm -f "$contact" "$contact.failed"
    if alive "$cluster"; then
        kill "$cluster"
        ends_within 10 "$cluster" || kill -KILL "$cluster"
    fi
    ends_within 12 "$client"
    rm -rf "$(scratch)"
    # Ranks that were killed could not clear up; after scancel Slurm starts nothing more, and each rank has.
    timeout 20 srun --overlap --mpi=none --kill-on-bad-exit=0 --nodes="$SLURM_NNODES" --ntasks="$SLURM_NNODES" \
        --ntasks-per-node=1 bash -c "$(declare -f scratch); rm -rf \"\$(scratch)\"" >/dev/null 2>&1
    exit "$code"
}
trap finish EXIT
trap 'told=yes; exit 143' TERM
trap 'told=yes; exit 130' INT

# --- The cluster ---

# A rank that is lost takes no other with it: the client goes on with those that are left, or says that it cannot.
srun --mpi=@mpi@ --kill-on-bad-exit=0 --wait=0 --export=ALL --cpus-per-task=@cpus@ \
    bash -c "$(declare -f alive ends_within scratch serve rank); rank" </dev/null &
cluster=$!
until [ -s "$contact" ]; do
    if [ -e "$contact.failed" ] || ! alive "$cluster"; then
        say "the cluster could not start: its reason is above"
        exit 1
    fi
    if ((SECONDS >= @patience@)); then
        say "no scheduler after @patience@ s: see what srun says above"
        exit 1
    fi
    sleep 0.2
done

# --- The client ---

# Its exit code is the job's. It is ended before the job's time is up, so that there is time left to clear up.
mkdir -p "$(scratch)/client"
TMPDIR=$(scratch)/client timeout --kill-after=10 "$((@limit@ - SECONDS))" \
    "$python" -m daskcnn @command@ &
client=$!
while alive "$client" && alive "$cluster"; do sleep 0.2; done
if alive "$client" && ! wait "$cluster"; then
    say "the cluster has failed before its client ended"
    ends_within 30 "$client" || kill "$client"
fi
wait "$client"
code=$?
((code != 124)) || say "the client was ended after @limit@ s of the job: give it more --time"
exit "$code"
