#!/bin/bash
# A port that is set in code
. "$CASES/lib.sh"
other=$(free_port)
start plain 0 --habit.port-in-code="$other"
await 40 test "$(code "localhost:$other/")" = 200
await 40 eval '[ "$(code "localhost:$other/")" = 200 ]' || fail "plain: $(last)"
stop
start cluster 2 --habit.port-in-code="$other"
refused "The application sets port $other in code, but the cluster has bound port $PORT"
logged "Set server.port=$other" || fail "does not say what to do: $(last)"
start same 2 --habit.port-in-code="$PORT"
up 2
ok "refused with what to set"
