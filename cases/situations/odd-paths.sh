#!/bin/bash
# Odd characters in directories, variables and locales
. "$CASES/lib.sh"
mkdir 'a:b'
start colon 1 "--cluster.staging.directory=$PWD/a:b"
await 40 served 1
if running; then stop; else logged 'cluster.staging.directory|colon' || fail "a colon in the staging directory: $(last)"; fi
export LC_ALL=C
unset LANG
LOG=$PWD/variable.log
launch env PWD=/tmp/grö "$JAVA" "${JVM[@]}" -jar "$APP" --server.port="$PORT" --cluster.workers=1
up 1
stop
# Plain Boot does not start there on JDK 17
if "$JAVA" -version 2>&1 | grep -q 'version "17'; then ok "a colon and an odd PWD"; fi
mkdir größe && LOG=$PWD/umlaut.log
cd größe || exit 1
launch "$JAVA" "${JVM[@]}" -jar "$APP" --server.port="$PORT" --cluster.workers=0
up
stop
launch "$JAVA" "${JVM[@]}" -jar "$APP" --server.port="$PORT" --cluster.workers=1
up 1
ok "a colon, an odd PWD and an odd directory without a locale"
