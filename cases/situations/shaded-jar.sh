#!/bin/bash
# A shaded jar is overwritten in place
. "$CASES/lib.sh"
"$JAVA" "$CASES/app/Shade.java" "$APP" live.jar || fail "cannot be shaded"
cp live.jar second.jar
APP=$PWD/live.jar
start plain 0
up
stop
start cluster 2
up 2
head -c 100000 /dev/urandom >live.jar
kill -KILL "$(worker 0)"
sleep 2
await 40 is_ready 2 || fail "no replacement: $(last)"
for _ in $(seq 10); do
	[ "$(get /late)" = late ] || fail "running workers miss classes"
done
reload
[[ $RELOAD == failed* ]] || fail "half a jar is no reason: $RELOAD"
cat second.jar >live.jar
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
ok "nobody notices, and a reload wants a whole jar"
