#!/bin/bash
# An AOT cache as Spring Boot documents it
. "$CASES/lib.sh"
"$JAVA" -XX:AOTMode=auto -version >/dev/null 2>&1 || skip "this JDK has no AOT cache"
"$JAVA" -Djarmode=tools -jar "$APP" extract --destination x >/dev/null
APP=$PWD/x/app.jar
"$JAVA" -XX:AOTCacheOutput=app.aot -Dspring.context.exit=onRefresh -jar "$APP" --cluster.workers=2 >record.log 2>&1
[ -f app.aot ] || fail "no cache was recorded: $(tail -2 record.log)"
JVM=(-XX:AOTCache="$PWD/app.aot" -Xlog:class+load:file=loaded.log)
start cluster 2
up 2
stop
used=$(grep -c 'shared objects file' loaded-w0.log)
[ "$used" -gt 5000 ] && ok "$used classes of a worker come from it"
grep -E 'WARN|INFO' "$LOG" record.log | grep -qE 'add-opens' \
	|| fail "$used classes of a worker come from it, and nobody says which options are missing"
ok "not used, and a line says which options are missing"
