#!/usr/bin/env bash
# Prints how long a client waits when the only worker is killed, without and with a spare, for each JDK given.
#
#   bench/spare.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used.
#   JAR     the application (default: the sample's jar)
#   ROUNDS  clusters of each kind, in turn (default: 5)
#   KILLS   workers killed in each, one after the other (default: 3)
#   OPTS    further JVM options, such as -Xmx512m
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly ROUNDS="${ROUNDS:-5}"
readonly KILLS="${KILLS:-3}"
read -r -a options <<<"${OPTS:-}"

# start SPARES
start() {
	"$java" ${options[@]+"${options[@]}"} -jar "$JAR" --server.address=127.0.0.1 --server.port=0 --cluster.workers=1 \
		--cluster.spares="$1" --cluster.reload.train=off --cluster.respawn.stable-after=1ms >"$log" 2>&1 &
	pid=$!
	await_port
}

# await_ready SPARES: until the slot has a ready worker and the spare, if there is to be one, is warm
await_ready() {
	local state deadline=$((SECONDS + START_SECONDS))
	while true; do
		state="$(status)"
		if grep -qE '"slot":0,"pid":[0-9]+,"generation":1,"state":"ready"' <<<"$state" \
			&& { [ "$1" -eq 0 ] || grep -qE '"slot":null,"pid":[0-9]+,"generation":1,"state":"warm"' <<<"$state"; }; then
			return
		fi
		alive "$pid" && [ "$SECONDS" -lt "$deadline" ] || give_up "Not ready: $state"
		sleep 0.1
	done
}

# The worker that has the slot
worker() {
	status | grep -oE '"slot":0,"pid":[0-9]+' | grep -oE '[0-9]+$'
}

# measure SPARES: the milliseconds from kill -9 to the answer to a request that was sent at once
measure() {
	local kill victim begin
	start "$1"
	for ((kill = 1; kill <= KILLS; kill++)); do
		await_ready "$1"
		victim="$(worker)" || give_up "No worker has the slot"
		begin="$(date +%s%3N)"
		kill -KILL "$victim"
		# A connection that the victim had accepted is lost with it
		until curl -sf --max-time "$START_SECONDS" -o "$work/answer" "http://127.0.0.1:$port/"; do
			alive "$pid" && [ "$(date +%s%3N)" -lt $((begin + START_SECONDS * 1000)) ] || give_up "No answer"
		done
		echo $(($(date +%s%3N) - begin)) >>"$work/$1"
	done
	await_ready "$1"
	stop
}

# line TEXT FILE BASE
line() {
	local times
	times="$(median "$2") $(sort -n "$2" | head -n 1) $(sort -n "$2" | tail -n 1)"
	awk -v text="$1" -v base="$3" '{ printf "  %-38s%6d ms  %.3f  (%d to %d)\n", text, $1, $1 / base, $2, $3 }' <<<"$times"
}

compare() {
	local round
	rm -f "$work"/[01]
	for ((round = 1; round <= ROUNDS; round++)); do
		measure 0
		measure 1
	done
	line "kill -9 to the answer, no spare" "$work/0" "$(median "$work/0")"
	line "kill -9 to the answer, one spare" "$work/1" "$(median "$work/0")"
}

each_jdk compare "$@"
exit "$failed"
