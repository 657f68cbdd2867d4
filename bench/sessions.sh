#!/usr/bin/env bash
# Prints how many requests per second read and write sessions that the primary keeps, and how fast, beside the same
# application with its sessions on Redis, on the same machine and for each JDK given. Both are there all the time; they
# are loaded in turn.
#
#   bench/sessions.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used. It needs javac, Maven, curl, wrk
# and redis-server.
#   WORKERS  how many each cluster has (default: 2)
#   CLIENTS  how many there are, with a session each and one request at a time (default: 16)
#   SIZE     characters of what is in a session (default: 1000)
#   OPTS     JVM options of both, such as -Xmx512m
#   WARM     seconds of reading and of writing for each before anything is measured (default: 45)
#   ROUNDS   how often each is measured (default: 5)
#   ROUND    seconds of a round (default: 10)
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly WORKERS="${WORKERS:-2}"
readonly CLIENTS="${CLIENTS:-16}"
readonly SIZE="${SIZE:-1000}"
readonly WARM="${WARM:-45}"
readonly ROUNDS="${ROUNDS:-5}"
readonly ROUND="${ROUND:-10}"
read -r -a options <<<"${OPTS:-}"
for tool in javac mvn curl wrk redis-server; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done

# By where the sessions are
declare -A pids=() ports=()
redis=""
redis_port=""
class_path=""

stop_clusters() {
	local home
	for home in "${!pids[@]}"; do
		pid="${pids[$home]}"
		stop
	done
	pids=()
}

cleanup() {
	stop
	stop_clusters
	alive "$redis" && kill -TERM "$redis" && wait "$redis" 2>/dev/null || true
	rm -rf "$work"
}

start_redis() {
	local deadline=$((SECONDS + START_SECONDS))
	redis_port="$(free_port)"
	redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$work" >"$work/redis" 2>&1 &
	redis=$!
	until (: <"/dev/tcp/127.0.0.1/$redis_port") 2>/dev/null; do
		alive "$redis" && [ "$SECONDS" -lt "$deadline" ] || { cat "$work/redis" >&2; exit 1; }
		sleep 0.1
	done
}

# The sample, what it has more, and the libraries for that, of the versions that the sample's Spring Boot has
build() {
	local version library libraries=""
	version="$(sed -nE 's/.*<spring-boot.version>(.*)<.*/\1/p' "$repository/pom.xml")"
	cat >"$work/pom.xml" <<-END
		<project xmlns="http://maven.apache.org/POM/4.0.0">
			<modelVersion>4.0.0</modelVersion>
			<parent>
				<groupId>org.springframework.boot</groupId>
				<artifactId>spring-boot-dependencies</artifactId>
				<version>$version</version>
				<relativePath/>
			</parent>
			<artifactId>sessions</artifactId>
			<dependencies>
				<dependency>
					<groupId>org.springframework.boot</groupId>
					<artifactId>spring-boot-session</artifactId>
				</dependency>
				<dependency>
					<groupId>org.springframework.boot</groupId>
					<artifactId>spring-boot-starter-data-redis</artifactId>
				</dependency>
				<dependency>
					<groupId>org.springframework.session</groupId>
					<artifactId>spring-session-data-redis</artifactId>
				</dependency>
			</dependencies>
		</project>
	END
	mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$work/more"
	java -Djarmode=tools -jar "$JAR" extract --destination "$work/app" >/dev/null
	for library in "$work/more/"*.jar; do
		[ -e "$work/app/lib/${library##*/}" ] || libraries+=":$library"
	done
	javac --release 17 -parameters -cp "$work/app/lib/*:$work/more/*" -d "$work/classes" \
		"$repository/bench/Sessions.java"
	jar --create --file "$work/sessions.jar" -C "$work/classes" .
	class_path="$(echo "$work/app/"*.jar):$work/sessions.jar$libraries"
}

# start HOME ARGUMENT...: a cluster, and a session for each client
start() {
	local home="$1"
	shift
	log="$work/$home"
	"$java" ${options[@]+"${options[@]}"} -cp "$class_path" io.clusterboot.sample.SampleApplication \
		--server.address=127.0.0.1 --server.port=0 --cluster.workers="$WORKERS" --cluster.reload.train=off "$@" \
		>"$log" 2>&1 &
	pid=$!
	await_workers "$WORKERS"
	pids["$home"]="$pid"
	ports["$home"]="$port"
	pid=""
	for _ in $(seq "$CLIENTS"); do
		curl -sf -X POST -D - "http://127.0.0.1:$port/session?size=$SIZE" | sed -nE 's/^Set-Cookie: ([^;]+).*/\1/Ip'
	done >"$work/$home-cookies"
}

# load HOME KIND SECONDS: requests per second and p99 in milliseconds
load() {
	wrk -t "$CLIENTS" -c "$CLIENTS" -d "$3s" --timeout 30s --latency -s "$repository/bench/sessions.lua" \
		"http://127.0.0.1:${ports[$1]}" -- "$work/$1-cookies" "$2" >"$work/wrk"
	grep -E 'Socket errors|Non-2xx' "$work/wrk" >>"$work/errors" || true
	wrk_result "$work/wrk"
}

measure() {
	local kind
	rm -f "$work/errors"
	start primary
	start redis --sessions=redis --spring.data.redis.host=127.0.0.1 --spring.data.redis.port="$redis_port"
	for kind in read write; do
		load primary "$kind" "$WARM" >/dev/null
		load redis "$kind" "$WARM" >/dev/null
	done
	for kind in read write; do
		rm -f "$work/result"
		for _ in $(seq "$ROUNDS"); do
			echo "$(load primary "$kind" "$ROUND") $(load redis "$kind" "$ROUND")" >>"$work/result"
		done
		awk -v kind="$kind" '{ printf "  %-5s  primary %6d/s p99 %6.1f ms   redis %6d/s p99 %6.1f ms   %.2f times as many\n",
			kind, $1, $2, $3, $4, $1 / $3 }' "$work/result"
		awk '{ print $1 / $3 }' "$work/result" >"$work/ratios"
		awk '{ print $2 / $4 }' "$work/result" >"$work/p99-ratios"
		printf '  %-5s  primary to redis, medians of %d: %.2f times as many requests, %.2f times the p99\n' "$kind" \
			"$ROUNDS" "$(median "$work/ratios")" "$(median "$work/p99-ratios")"
	done
	if [ -s "$work/errors" ]; then
		cat "$work/errors" >&2
		failed=1
	fi
	stop_clusters
}

build
start_redis
each_jdk measure "$@"
exit "$failed"
