#!/bin/bash
# A script stops the application by the name of its jar
. "$CASES/lib.sh"
jar=shop-service-$$.jar
cp "$APP" "$jar"
APP=$PWD/$jar
start cluster 2
up 2
pgrep -f "$jar" | grep -qx "$P" || fail "the primary is not found by the name of its jar"
kill $(pgrep -f "[ /]$jar")
await 30 gone || fail "still runs after TERM to everything that has its name: $(last)"
wait "$P"
[ $? = 143 ] || fail "exit code $CODE"
pgrep -f "[ /]$jar" >/dev/null && fail "something is left"
ok "found and stopped"
