#!/bin/bash
# A thread that nobody needs dies of an Error some seconds after the start
. "$CASES/lib.sh"
start plain 0 --habit.dying-thread=true
up
sleep 4
answers || fail "plain: $(last)"
stop
start cluster 1 --habit.dying-thread=true
up 1
sleep 45
replaced=$(status | jq '[.workers[].id] | max')
[ "${replaced:-99}" -le 6 ] || fail "$replaced workers in 45 s, without an end"
await 60 is_ready 1 || fail "not whole: $(last)"
reload
[[ $RELOAD == succeeded* ]] || fail "a reload to a version that does the same: $RELOAD"
ok "worker $replaced after 45 s, and a reload succeeds"
