#!/bin/bash
# A class path that is longer than an argument of a process may be
. "$CASES/lib.sh"
directory=$PWD/$(printf 'a%.0s' $(seq 90))
"$JAVA" -Djarmode=tools -jar "$APP" extract --destination "$directory" >/dev/null || fail "cannot be extracted"
cd "$directory" || exit 1
small=$(ls -S lib/*.jar | tail -1)
class_path=$(basename "$APP")
for i in $(seq 1500); do
	cp "$small" "lib/library-$i.jar"
	class_path=$class_path:lib/library-$i.jar
done
LOG=$PWD/plain.log
launch "$JAVA" "${JVM[@]}" -cp "$class_path" cases.App --server.port="$PORT" --cluster.workers=0
up
stop
LOG=$PWD/cluster.log
launch "$JAVA" "${JVM[@]}" -cp "$class_path" cases.App --server.port="$PORT" --cluster.workers=2
up 2
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
ok "${#class_path} characters, relative"
