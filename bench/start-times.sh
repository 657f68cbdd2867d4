#!/usr/bin/env bash
# Prints how long a worker takes to be ready as it is, from an extracted jar, and with a CDS archive or AOT cache,
# and how long a rolling reload of two workers takes without and with training, for each JDK given.
#
#   bench/start-times.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used.
#   JAR     the application (default: the sample's jar)
#   ROUNDS  clusters of each kind, in turn, of which the median counts (default: 5)
#   OPTS    further JVM options, such as -Xmx512m
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly ROUNDS="${ROUNDS:-5}"
read -r -a options <<<"${OPTS:-}"

# start JAR ARGUMENT...
start() {
	"$java" ${options[@]+"${options[@]}"} -jar "$@" --server.address=127.0.0.1 --server.port=0 --cluster.workers=2 \
		--cluster.reload.soak=0s >"$log" 2>&1 &
	pid=$!
}

# between JSON FROM TO: the milliseconds from the time in one field to that in the field after it
between() {
	grep -oE "\"$2\":\"[^\"]+\",\"$3\":\"[^\"]+\"" <<<"$1" | while IFS=\" read -r _ _ _ from _ _ _ to _; do
		echo $(($(date -d "$to" +%s%3N) - $(date -d "$from" +%s%3N)))
	done
}

# measure KIND JAR ARGUMENT...: the starts of both workers and of those that a reload brings, and the reload
measure() {
	local kind="$1" deadline state
	shift
	start "$@"
	await_workers 2
	between "$(status)" started ready >>"$work/$kind-start"
	curl -sf -X POST "http://127.0.0.1:$port/actuator/cluster/reload" >"$work/reload" || give_up "No reload"
	deadline=$((SECONDS + START_SECONDS))
	until state="$(status)"; grep -q '"status":"succeeded"' <<<"$state"; do
		alive "$pid" && [ "$SECONDS" -lt "$deadline" ] && ! grep -qE ': Reload 1 (failed|rolled back|aborted)' "$log" \
			|| give_up "The reload did not succeed"
		sleep 0.2
	done
	between "$state" started ready >>"$work/$kind-start"
	between "$state" started finished >>"$work/$kind-reload"
	sed -nE 's/.*: Generation [0-9]+ has (an? .*): ([0-9]+) MB after ([0-9.]+) s;.*/\1 \2 \3/p' "$log" >>"$work/$kind-archive"
	stop
}

# line TEXT MILLISECONDS BASE
line() {
	awk -v text="$1" -v time="$2" -v base="$3" 'BEGIN { printf "  %-38s%6d ms  %.2f\n", text, time, time / base }'
}

report() {
	local plain reload
	plain="$(median "$work/plain-start")"
	reload="$(median "$work/plain-reload")"
	echo "  $(awk '{ size += $(NF - 1); time += $NF } END { $NF = $(NF - 1) = ""; printf "training: %s, %d MB after %.1f s on average\n", $0, size / NR, time / NR }' \
		"$work/trained-archive" | tr -s ' ' | sed 's/ ,/,/')"
	line "worker ready, jar as it is" "$plain" "$plain"
	line "worker ready, extracted" "$(median "$work/extracted-start")" "$plain"
	line "worker ready, extracted and archive" "$(median "$work/trained-start")" "$plain"
	line "rolling reload, train=off" "$reload" "$reload"
	line "rolling reload, archive there" "$(median "$work/trained-reload")" "$reload"
}

compare() {
	local round
	rm -rf "$work"/*
	"$java" -Djarmode=tools -jar "$JAR" extract --destination "$work/extracted" >"$log" 2>&1 || give_up "No extraction"
	for ((round = 1; round <= ROUNDS; round++)); do
		measure plain "$JAR" --cluster.reload.train=off
		measure extracted "$work/extracted/$(basename "$JAR")" --cluster.reload.train=off
		rm -rf "$XDG_CACHE_HOME"
		measure trained "$JAR" --cluster.reload.train=before
	done
	[ -s "$work/trained-archive" ] || give_up "No archive was made"
	report
}

each_jdk compare "$@"
exit "$failed"
