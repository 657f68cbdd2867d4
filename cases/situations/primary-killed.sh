#!/bin/bash
# The primary is killed with a request in flight, and started again at once
. "$CASES/lib.sh"
start plain 0
up
kill -KILL "$P"
await 5 gone
start plain2 0
up
stop
start cluster 2
up 2
curl -s -m 30 -o /dev/null -w '%{http_code}' "localhost:$PORT/slow?ms=12000" >slow &
slow=$!
sleep 1
kill -KILL "$P"
sleep 1
tries=0
while :; do
	tries=$((tries + 1))
	start "again$tries" 2
	await 30 served 2
	running && is_ready 2 && break
	[ $tries -lt 3 ] || fail "three starts fail: $(last)"
done
wait $slow
[ "$(cat slow)" = 200 ] || fail "the request in flight got $(cat slow)"
ok "serves again after start $tries, and the request in flight was answered"
