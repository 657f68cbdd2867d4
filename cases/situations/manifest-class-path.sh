#!/bin/bash
# Directories on the Class-Path of an executable jar's manifest
. "$CASES/lib.sh"
mkdir -p dist/config cwd unpacked
(cd unpacked && "$JDK/bin/jar" xf "$APP")
(cat unpacked/META-INF/MANIFEST.MF | sed '/^\s*$/d'; echo 'Class-Path: config/') >manifest
rm unpacked/META-INF/MANIFEST.MF
"$JDK/bin/jar" --create --no-compress --file dist/app.jar --manifest manifest -C unpacked .
rm -r unpacked
echo 'x=1' >dist/config/extra.properties
echo 'greeting: from-class-path' >dist/config/application.yml
cd cwd
APP=../dist/app.jar
start plain 0
up
plain=$(get '/resource?name=/extra.properties')
[[ $plain == file:* ]] || fail "plain: $plain"
stop
start cluster 2
up 2
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
cluster=$(for _ in $(seq 10); do get '/resource?name=/extra.properties'; done | sort -u)
[ "$cluster" = "$plain" ] || fail "plain: $plain, cluster: $cluster"
get / | grep -q from-class-path || fail "configuration on that path is lost"
ok "what is on the class path is found"
