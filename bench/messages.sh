#!/usr/bin/env bash
# Prints how fast one worker gets answers of another, beside the same with Node's cluster module on the same machine, in
# turn and for each JDK given. There, as here, what workers say to each other goes through the primary.
#
#   bench/messages.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used. It needs node.
#   COUNT   questions of a round (default: 50000)
#   ROUNDS  how often each is measured, after one round that is not (default: 5)
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly COUNT="${COUNT:-50000}"
readonly ROUNDS="${ROUNDS:-5}"
command -v node >/dev/null || { echo "No node" >&2; exit 2; }

# ping AT_ONCE: questions per second, median and p99 in microseconds
ping() {
	curl -sf --max-time 300 -X POST "http://127.0.0.1:$port/ping?count=$COUNT&atOnce=$1"
	echo
}

measure() {
	local at_once round
	"$java" -jar "$JAR" --server.address=127.0.0.1 --server.port=0 --cluster.workers=2 >"$log" 2>&1 &
	pid=$!
	await_workers 2
	for at_once in 1 64; do
		ping "$at_once" >/dev/null
		rm -f "$work/ours" "$work/node"
		for round in $(seq "$ROUNDS"); do
			ping "$at_once" >>"$work/ours"
			node "$(dirname "${BASH_SOURCE[0]}")/messages.js" "$COUNT" "$at_once" 2 | tail -n 1 >>"$work/node"
		done
		paste -d ' ' "$work/ours" "$work/node" | awk -v at_once="$at_once" '{
			printf "  %2d at once: %6d/s p50 %5d p99 %6d us   node %6d/s p50 %5d p99 %6d us   %.2f times as many\n", at_once,
				$1, $2, $3, $4, $5, $6, $1 / $4 }'
	done
	stop
}

each_jdk measure "$@"
exit "$failed"
