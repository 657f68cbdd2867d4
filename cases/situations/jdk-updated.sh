#!/bin/bash
# The JDK is updated in place
. "$CASES/lib.sh"
cp -al "$JDK" jdk 2>/dev/null || { rm -rf jdk; cp -aL "$JDK" jdk; }
JAVA=$PWD/jdk/bin/java
start cluster 2
up 2
printf '#!/bin/sh\nexit 1\n' >helper
chmod +x helper
mv helper jdk/lib/jspawnhelper
kill -KILL "$(worker 0)"
sleep 2
await 30 is_ready 2 || fail "a worker that dies is never replaced: $(last)"
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
ok "processes are started without a helper of the JDK"
