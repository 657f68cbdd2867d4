#!/bin/bash
# Files beside the jar, found by ApplicationHome
. "$CASES/lib.sh"
mkdir dist
cp "$APP" dist/app.jar
APP=$PWD/dist/app.jar
start plain 0
up
plain=$(get /where)
stop
start cluster 2
up 2
post '/note?text=kept' >/dev/null
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
places=$(for _ in $(seq 10); do get /where; done | sort -u)
[ "$places" = "$plain" ] || fail "plain: $plain, cluster: $(echo $places)"
lost=$(for _ in $(seq 10); do get /note; echo; done | grep -vc kept)
[ "$lost" = 0 ] || fail "a file that was written before a reload is gone for $lost of 10 requests"
ok "home is where the jar is, and what was written there stays"
