#!/bin/bash
# A training start while the service runs: it must not do what destroys
. "$CASES/lib.sh"
h2() { find "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" -name "$1" 2>/dev/null | sort | tail -1; }
libraries=()
for pattern in 'h2-2*.jar' 'spring-boot-jdbc-4.1.0.jar' 'spring-boot-sql-4.1.0.jar' 'spring-boot-transaction-4.1.0.jar' \
	'spring-boot-persistence-4.1.0.jar' 'spring-jdbc-7*.jar' 'spring-tx-7*.jar' 'HikariCP-*.jar'; do
	library=$(h2 "$pattern")
	[ -n "$library" ] || skip "no $pattern in the local repository"
	libraries+=("$library")
done
mkdir -p unpacked
(cd unpacked && "$JDK/bin/jar" xf "$APP" && cp "${libraries[@]}" BOOT-INF/lib)
for library in "${libraries[@]}"; do
	echo "- \"BOOT-INF/lib/$(basename "$library")\"" >>unpacked/BOOT-INF/classpath.idx
done
echo 'drop table if exists t; create table t(i int);' >unpacked/BOOT-INF/classes/schema.sql
mkdir classes
"$JDK/bin/javac" --release 17 -parameters -proc:none -cp 'unpacked/BOOT-INF/lib/*' \
	-d unpacked/BOOT-INF/classes "$CASES/app/Rows.java" || fail "Rows.java does not compile"
mv unpacked/META-INF/MANIFEST.MF .
"$JDK/bin/jar" --create --no-compress --file app.jar --manifest MANIFEST.MF -C unpacked .
APP=$PWD/app.jar
options=(--spring.sql.init.mode=always "--spring.datasource.url=jdbc:h2:file:./db;AUTO_SERVER=TRUE")
start plain 0 "${options[@]}"
up
post /rows >/dev/null
[ "$(get /rows)" = 1 ] || fail "plain: $(get /rows)"
stop
start cluster 1 "${options[@]}" --cluster.reload.train=background
up 1
post /rows >/dev/null
await 90 logged 'has an? (CDS archive|AOT cache)|no archive|not trained' || fail "nothing is said of a training"
[ "$(get /rows)" = 1 ] || fail "a training start has emptied the tables of the service"
ok "no row is lost"
