#!/bin/bash
# A jar with more than 65,535 entries
. "$CASES/lib.sh"
"$JAVA" "$CASES/app/Enlarge.java" "$APP" many.jar 66000 || fail "cannot be made"
APP=$PWD/many.jar
start plain 0
up
stop
start cluster 1
up 1
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
head -c 1000000 many.jar >half.jar
mv half.jar many.jar
reload
[[ $RELOAD == failed*'not a complete archive'* ]] || fail "half of it: $RELOAD"
ok "starts, and half of it is refused"
