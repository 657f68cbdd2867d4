#!/usr/bin/env bash
# Prints how many requests per second a cluster answers with all processors busy, and how fast, beside one plain JVM
# on the same machine, for each JDK given. Both are there all the time; they are loaded in turn.
#
#   bench/throughput.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used. It needs wrk.
#   JAR          the application (default: the sample's jar)
#   URL_PATH     what is asked for (default: /)
#   WORKERS      how many (default: 2)
#   OPTS         JVM options of both, such as -Xmx512m
#   ARGS         arguments of the cluster, such as --cluster.balance=least-loaded
#   CONNECTIONS  of wrk (default: 16)
#   WARM         seconds of load for each before anything is measured (default: 120)
#   ROUNDS       how often each is measured (default: 5)
#   ROUND        seconds of a round (default: 10)
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly URL_PATH="${URL_PATH:-/}"
readonly WORKERS="${WORKERS:-2}"
readonly CONNECTIONS="${CONNECTIONS:-16}"
readonly WARM="${WARM:-120}"
readonly ROUNDS="${ROUNDS:-5}"
readonly ROUND="${ROUND:-10}"
read -r -a options <<<"${OPTS:-}"
read -r -a arguments <<<"${ARGS:-}"
plain=""
command -v wrk >/dev/null || { echo "No wrk" >&2; exit 2; }

stop_plain() {
	alive "$plain" && kill -TERM "$plain" && wait "$plain" 2>/dev/null || true
	plain=""
}

cleanup() {
	stop_plain
	stop
	rm -rf "$work"
}

# start LOG ARGUMENT...
start() {
	local log="$1"
	shift
	"$java" ${options[@]+"${options[@]}"} -jar "$JAR" --server.address=127.0.0.1 --server.port=0 "$@" >"$log" 2>&1 &
}

# load PORT SECONDS: requests per second and p99 in milliseconds
load() {
	wrk -t 2 -c "$CONNECTIONS" -d "$2s" --timeout 30s --latency "http://127.0.0.1:$1$URL_PATH" >"$work/wrk"
	grep -E 'Socket errors|Non-2xx' "$work/wrk" >>"$work/errors" || true
	wrk_result "$work/wrk"
}

measure() {
	local plain_port round
	rm -f "$work/result" "$work/errors"
	start "$work/plain" --cluster.workers=0
	plain=$!
	start "$log" --cluster.workers="$WORKERS" ${arguments[@]+"${arguments[@]}"}
	pid=$!
	await_workers "$WORKERS"
	log="$work/plain" await_log 'Tomcat started on port' 1
	plain_port="$(sed -nE 's/.*Tomcat started on port ([0-9]+).*/\1/p' "$work/plain")"
	load "$plain_port" "$WARM" >/dev/null
	load "$port" "$WARM" >/dev/null
	for round in $(seq "$ROUNDS"); do
		echo "$(load "$plain_port" "$ROUND") $(load "$port" "$ROUND")" >>"$work/result"
	done
	awk -v workers="$WORKERS" '{ printf "  plain %6d/s p99 %7.1f ms   %d workers %6d/s p99 %7.1f ms   %.2f\n", $1, $2, workers, $3, $4, $3 / $1 }' \
		"$work/result"
	awk '{ print $3 / $1 }' "$work/result" >"$work/ratios"
	echo "  of the plain JVM's requests per second, median of $ROUNDS: $(median "$work/ratios")"
	if [ -s "$work/errors" ]; then
		cat "$work/errors" >&2
		failed=1
	fi
	stop_plain
	stop
}

each_jdk measure "$@"
exit "$failed"
