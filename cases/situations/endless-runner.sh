#!/bin/bash
# A runner that never returns
. "$CASES/lib.sh"
start plain 0 --habit.endless-runner=true
up
stop
start cluster 2 --habit.endless-runner=true --cluster.worker.start-timeout=10s
await 30 eval 'gone || [ "$(ready)" = 2 ]' || fail "neither serves nor ends: $(last)"
running && ok "serves all the same"
logged 'ERROR .*(runner|ACCEPTING_TRAFFIC)' || fail "ends without a hint at what has not returned: $(last)"
ok "refused with a sentence that names a runner"
