#!/bin/bash
# A second connector of Tomcat on a port of its own
. "$CASES/lib.sh"
second=$(free_port)
start plain 0 --habit.second-connector="$second"
up
[ "$(code "localhost:$second/")" = 200 ] || fail "plain: the second port does not answer"
stop
start two 2 --habit.second-connector="$second"
refused "Port $second .*can be bound by one worker only"
start one 1 --habit.second-connector="$second"
refused "cluster.reload.max-surge=0"
start one-by-one 1 --habit.second-connector="$second" --cluster.reload.max-surge=0 --cluster.reload.max-unavailable=1
up 1
reload
[[ $RELOAD == succeeded* ]] || fail "one by one: $RELOAD"
[ "$(code "localhost:$second/")" = 200 ] || fail "one by one: the second port does not answer"
stop
start own 2 "--habit.second-connector=${second%?}\${cluster.worker.offset}"
up 2
reload
[[ $RELOAD == succeeded* ]] || fail "ports of their own: $RELOAD"
ok "refused with what to do; one by one, and with a port for each worker, it works"
