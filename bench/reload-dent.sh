#!/usr/bin/env bash
# Prints what clients notice of a rolling reload: latency at a constant rate of requests before, while and after it, for
# each JDK given.
#
#   bench/reload-dent.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used, which also sends the requests.
#   JAR       the application (default: the sample's jar)
#   URL_PATH  what is asked for (default: /)
#   RATE      requests per second (default: 120)
#   WORKERS   how many (default: 2)
#   OPTS      JVM options, such as -Xmx512m
#   ARGS      arguments of the application, such as --cluster.warm-up.requests=/owners
#   WARM      seconds of the same load before anything is measured (default: 60)
#   STEADY    seconds before the reload (default: 30)
#   AFTER     seconds after its end (default: 30)
#   STRATEGY  rolling or parallel (default: rolling)
#   SVG       a file for the chart
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/load.sh"

readonly WORKERS="${WORKERS:-2}"
readonly STRATEGY="${STRATEGY:-rolling}"
# What nobody notices, whatever the steady latency is
readonly UNNOTICED=25
readonly SLOWEST=250
read -r -a options <<<"${OPTS:-}"
read -r -a arguments <<<"${ARGS:-}"

await_end_of_reload() {
	local deadline=$((SECONDS + START_SECONDS * WORKERS))
	until grep -qE ': Reload 1 (succeeded|failed|rolled back|aborted)' "$log"; do
		alive "$pid" && [ "$SECONDS" -lt "$deadline" ] || give_up "The reload did not end"
		sleep 0.1
	done
	grep -q ': Reload 1 succeeded' "$log" || give_up "The reload did not succeed"
}

# lines TITLE FROM TO: what clients saw between two times
lines() {
	echo "  $1"
	windows "$work/answers" "$2" "$3" | awk -v window="$WINDOW" '{
		printf "    %3d to %3d s%8d requests  p50 %7.1f ms  p99 %7.1f ms  slowest %7.1f ms%s\n", $1 * window,
			($1 + 1) * window, $2, $3, $4, $5, ($6 > 0) ? "  FAILED " $6 : "" }'
}

verdict() {
	local p50 p99 slowest count bad
	read -r p50 p99 slowest count bad < <(quantiles "$work/answers" "$1" "$2")
	windows "$work/answers" "$2" "$3" | awk -v p50="$p50" -v p99="$p99" -v unnoticed="$UNNOTICED" -v limit="$SLOWEST" \
		-v took=$((end - begin)) '
		$4 > worst { worst = $4 }
		$5 > slowest { slowest = $5 }
		{ failed += $6 }
		END {
			bound = (2 * p99 > unnoticed) ? 2 * p99 : unnoticed
			printf "  steady: p50 %.1f ms, p99 %.1f ms. The reload took %.1f s\n", p50, p99, took / 1000
			printf "  worst p99 of 5 s %.1f ms, %.2f times the steady one: %s (at most %.1f ms)\n", worst, worst / p99,
				(worst <= bound) ? "good" : "A DENT", bound
			printf "  slowest answer %.1f ms: %s (at most %d ms)\n", slowest, (slowest <= limit) ? "good" : "A DENT", limit
			printf "  failed requests: %d\n", failed
			exit failed > 0
		}' || failed=1
}

measure() {
	local steady begin end last
	rm -f "$work"/answers*
	"$java" ${options[@]+"${options[@]}"} -jar "$JAR" --server.address=127.0.0.1 --server.port=0 \
		--cluster.workers="$WORKERS" ${arguments[@]+"${arguments[@]}"} >"$log" 2>&1 &
	pid=$!
	await_workers "$WORKERS"
	begin_load "$port" "$work/answers"
	sleep "$WARM"
	steady="$(now)"
	sleep "$STEADY"
	begin="$(now)"
	curl -sf -X POST -H 'Content-Type: application/json' -d "{\"strategy\":\"$STRATEGY\"}" -o "$work/reload" \
		"http://127.0.0.1:$port/actuator/cluster/reload" || give_up "No reload"
	await_end_of_reload
	end="$(now)"
	sleep "$AFTER"
	last="$(now)"
	end_load "$work/answers"
	lines "before the reload" "$steady" "$begin"
	lines "from its begin on" "$begin" "$last"
	verdict "$steady" "$begin" "$last"
	grep -E ' Warm-up: | has an? .* (archive|cache)|is trained' "$log" | sed -E 's/^/    /' || true
	[ -z "${SVG:-}" ] || java "$bench/Chart.java" "$SVG" "$STRATEGY reload of $WORKERS workers, $RATE requests per second" \
		"$work/answers" "$begin" "$end"
	stop
}

each_jdk measure "$@"
exit "$failed"
