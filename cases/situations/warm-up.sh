#!/bin/bash
# A runner calls the application's own port
. "$CASES/lib.sh"
start plain 0 --habit.warm-up=true
up
await 10 logged 'WARM 200' || fail "plain: $(last)"
stop
start cluster 2 --habit.warm-up=true --cluster.worker.start-timeout=20s
up 2
[ "$(grep -c 'WARM 200' "$LOG")" -ge 1 ] || fail "the cluster did not warm up: $(last)"
stop
start alone 1 --habit.warm-up=true --cluster.worker.start-timeout=20s
up 1
kill -KILL "$(worker 0)"
sleep 2
LIMIT=3 await 60 answers || fail "the service does not come back from one crash: $(last)"
ok "the runner is answered, at the first start and after a crash"
