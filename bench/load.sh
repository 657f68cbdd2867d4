# Sourced by the benchmarks that load an application through a deploy: an open loop, and what its answers say.

readonly bench="$(dirname "${BASH_SOURCE[0]}")"
readonly WINDOW=5
readonly RATE="${RATE:-120}"
readonly URL_PATH="${URL_PATH:-/}"
readonly WARM="${WARM:-60}"
readonly STEADY="${STEADY:-30}"
readonly AFTER="${AFTER:-30}"
loop=""

cleanup() {
	alive "$loop" && kill -KILL "$loop" 2>/dev/null
	stop
	rm -rf "$work"
}

now() {
	date +%s%3N
}

# begin_load PORT FILE
begin_load() {
	rm -f "$2.stop"
	java "$bench/OpenLoop.java" "$RATE" "http://127.0.0.1:$1$URL_PATH" "$2" >&2 &
	loop=$!
}

# end_load FILE
end_load() {
	touch "$1.stop"
	wait "$loop"
	loop=""
}

# windows FILE FROM TO: a line per 5 s between two times, with its number, answers, p50, p99, slowest and failures
windows() {
	awk -v from="$2" -v to="$3" -v window=$((WINDOW * 1000)) '$1 >= from && $1 < to {
		print int(($1 - from) / window), $2, ($3 >= 200 && $3 < 400) ? 0 : 1 }' "$1" \
		| sort -k1,1n -k2,2n | awk '
			function flush() {
				if (count) printf "%d %d %.1f %.1f %.1f %d\n", number, count, time[int((count + 1) / 2)],
					time[int(count * 0.99 + 0.5)], time[count], failed
				count = failed = 0
			}
			$1 != number { flush(); number = $1 }
			{ time[++count] = $2; failed += $3 }
			END { flush() }'
}

# quantiles FILE FROM TO: p50, p99, slowest, number and failures of all answers between two times
quantiles() {
	awk -v from="$2" -v to="$3" '$1 >= from && $1 < to { print $2, ($3 >= 200 && $3 < 400) ? 0 : 1 }' "$1" | sort -n \
		| awk '{ time[NR] = $1; failed += $2 }
			END { printf "%.1f %.1f %.1f %d %d\n", time[int((NR + 1) / 2)], time[int(NR * 0.99 + 0.5)], time[NR], NR, failed }'
}
