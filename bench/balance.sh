#!/usr/bin/env bash
# Prints how connections are spread over the workers by each cluster.balance, and what it is worth to count the load
# when one of three workers is slow, for each JDK given.
#
#   bench/balance.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used.
#   JAR          the application (default: the sample's jar, which has POST /faults/slow)
#   MODES        kinds of balance, in turn (default: kernel least-loaded source-ip)
#   CONNECTIONS  connections made in each, from 50 addresses (default: 1000)
#   RATE         requests per second to the cluster with the slow worker (default: 45)
#   DURATION     for how many seconds (default: 30)
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly ANSWER_SECONDS=60
readonly ADDRESSES=50
readonly WARM_UP=200
# So slow, and with so few threads, that a third of the requests is more than it can answer
readonly SLOW_MILLIS=400
readonly SLOW_THREADS=5
readonly MODES="${MODES:-kernel least-loaded source-ip}"
readonly CONNECTIONS="${CONNECTIONS:-1000}"
readonly RATE="${RATE:-45}"
readonly DURATION="${DURATION:-30}"

# start MODE WORKERS ARGUMENT...
start() {
	local mode="$1" workers="$2"
	shift 2
	CLUSTER_BALANCE="$mode" "$java" -jar "$JAR" --server.address=127.0.0.1 --server.port=0 \
		--cluster.workers="$workers" --cluster.reload.train=off "$@" >"$log" 2>&1 &
	pid=$!
	await_workers "$workers"
	connect "$WARM_UP" >"$work/warm-up"
}

# The status when a heartbeat has said what is asked here
settled() {
	local state
	sleep 2
	state="$(status "$ANSWER_SECONDS")"
	[ -n "$state" ] || give_up "No status"
	echo "$state"
}

# requests STATUS: one line for each worker, by slot
requests() {
	grep -oE '"requests":[0-9]+' <<<"$1" | cut -d: -f2
}

# since BEFORE AFTER: the requests of each worker between two statuses
since() {
	paste <(requests "$1") <(requests "$2") | awk '{ print $2 - $1 }'
}

# connect COUNT: one connection for each request, and as many from each address
connect() {
	local address
	for ((address = 1; address <= ADDRESSES; address++)); do
		curl -s --max-time "$ANSWER_SECONDS" --interface "127.0.0.$address" -H 'Connection: close' -o /dev/null \
			-w '%{http_code} %{time_total}\n' "http://127.0.0.1:$port/?[1-$((($1 + ADDRESSES - 1) / ADDRESSES))]" || true
	done
}

# load: RATE requests per second, whether or not those before have been answered
load() {
	local begin now request processes=() pause
	exec {pause}<> <(:)
	begin="${EPOCHREALTIME/[.,]/}"
	for ((request = 0; request < RATE * DURATION; request++)); do
		now="${EPOCHREALTIME/[.,]/}"
		while ((now < begin + request * 1000000 / RATE)); do
			read -rt 0.005 -u "$pause" || true
			now="${EPOCHREALTIME/[.,]/}"
		done
		curl -s --max-time "$ANSWER_SECONDS" -o /dev/null -w '%{http_code} %{time_total}\n' \
			"http://127.0.0.1:$port/" &
		processes+=("$!")
	done
	wait "${processes[@]}" || true
	exec {pause}>&-
}

# answers FILE: notes those that failed, prints the quantiles of the others
answers() {
	local bad
	bad="$(grep -cv '^200 ' "$1" || true)"
	[ "$bad" -eq 0 ] || { failed=1; echo "  $bad requests failed" >&2; }
	awk '$1 == 200 { print $2 * 1000 }' "$1" | sort -n | awk '{ value[NR] = $1 }
		END { printf "p50 %d ms  p99 %d ms  max %d ms", value[int((NR + 1) / 2)], value[int(NR * 0.99 + 0.5)], value[NR] }'
}

spread() {
	local before after
	start "$1" 4
	before="$(settled)"
	connect "$CONNECTIONS" >"$work/answers"
	after="$(settled)"
	stop
	answers "$work/answers" >"$work/times"
	since "$before" "$after" | awk -v mode="$1" '{ value[NR] = $1; sum += $1 }
		!min || $1 < min { min = $1 }
		$1 > max { max = $1 }
		END {
			printf "  %-14s", mode
			for (i = 1; i <= NR; i++) printf "%6d (%4.1f %%)", value[i], 100 * value[i] / sum
			printf "   max/min %s\n", (min > 0) ? sprintf("%.2f", max / min) : "-"
		}'
}

slow_worker() {
	local before after slow slot
	start "$1" 3 --sample.faults=true --server.tomcat.threads.max="$SLOW_THREADS"
	slow="$(curl -sf -X POST "http://127.0.0.1:$port/faults/slow?millis=$SLOW_MILLIS" | grep -oE 'pid=[0-9]+')" \
		|| give_up "No worker was made slow"
	before="$(settled)"
	slot="$(grep -oE "\"slot\":[0-9]+,\"pid\":${slow#pid=}," <<<"$before" | grep -oE '^"slot":[0-9]+' | cut -d: -f2)" \
		|| give_up "No slot has the slow worker: $before"
	load >"$work/answers"
	after="$(settled)"
	stop
	answers "$work/answers" >"$work/times"
	since "$before" "$after" | awk -v mode="$1" -v slot="$slot" -v times="$(<"$work/times")" '
		NR == slot + 1 { slow = $1 }
		NR != slot + 1 { others = others sprintf("%6d", $1) }
		{ sum += $1 }
		END { printf "  %-14sslow one%6d (%4.1f %%)   others%s   %s\n", mode, slow, 100 * slow / sum, others, times }'
}

compare() {
	local mode
	echo "  $CONNECTIONS connections from $ADDRESSES addresses to 4 workers, requests of each"
	for mode in $MODES; do
		spread "$mode"
	done
	echo "  $RATE requests per second for $DURATION s to 3 workers, one of which takes $SLOW_MILLIS ms more"
	for mode in $MODES; do
		# Addresses do not care about load
		[ "$mode" = source-ip ] || slow_worker "$mode"
	done
}

each_jdk compare "$@"
exit "$failed"
