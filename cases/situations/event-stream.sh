#!/bin/bash
# Event streams that the application ends when its context closes
. "$CASES/lib.sh"
stream() { curl -sN "localhost:$PORT/stream" >/dev/null; echo $? >"$1"; }
start plain 0
up
stream plain.exit &
sleep 2
stop
await 5 test -s plain.exit
plain=$(cat plain.exit)
start cluster 1
up 1
stream reload.exit &
sleep 2
begin=$SECONDS
reload
took=$((SECONDS - begin))
[ $took -lt 20 ] || fail "a reload with a stream takes $took s: $(last)"
await 5 test -s reload.exit
[ "$(cat reload.exit)" = "$plain" ] || fail "curl ends with $plain plain, with $(cat reload.exit) at a reload"
stream stop.exit &
sleep 2
begin=$SECONDS
stop 60
took=$((SECONDS - begin))
[ $took -lt 20 ] || fail "a stop with a stream takes $took s"
await 5 test -s stop.exit
[ "$(cat stop.exit)" = "$plain" ] || fail "curl ends with $plain plain, with $(cat stop.exit) at a stop"
ok "streams end when the drain begins, as clients see it plain"
