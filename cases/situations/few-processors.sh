#!/bin/bash
# Many workers that need much processor time to start, on one processor
. "$CASES/lib.sh"
command -v taskset >/dev/null || skip "no taskset"
start cluster 6 --habit.burn=2 --cluster.worker.start-timeout=15s
taskset -apc 0 "$P" >/dev/null
await 150 is_ready 6 || fail "$(ready) of 6 ready after 150 s: $(last)"
killed=$(grep -c 'killed: not ready' "$LOG")
[ "$killed" = 0 ] || fail "$killed workers were killed because they are slow"
ok "all are ready, none was killed"
