# Sourced by the benchmarks: one cluster at a time, which is stopped whatever happens.
set -Eeuo pipefail
exec </dev/null

readonly START_SECONDS=180
readonly STOP_SECONDS=45
# Whatever these add would be measured too
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
JAR="${JAR:-$(find "$repository/sample-app/target" -maxdepth 1 -name 'sample-app-*.jar' 2>/dev/null | head -n 1)}"
[ -f "$JAR" ] || { echo "No jar; run: mvn -DskipTests package" >&2; exit 2; }

work="$(mktemp -d)"
# Where trainings keep what they have made
export XDG_CACHE_HOME="$work/cache"
log="$work/log"
pid=""
port=""
java=""
failed=0

give_up() {
	echo "$*:" >&2
	tail -n 40 "$log" >&2
	exit 1
}

alive() {
	[ -n "$1" ] && kill -0 "$1" 2>/dev/null
}

# The primary is a child of this shell, its workers are children of the primary
stop() {
	alive "$pid" || { pid=""; return 0; }
	local workers process deadline=$((SECONDS + STOP_SECONDS))
	workers="$(cat "/proc/$pid/task/"*/children 2>/dev/null || true)"
	kill -TERM "$pid" 2>/dev/null || true
	while alive "$pid" && [ "$SECONDS" -lt "$deadline" ]; do
		sleep 0.1
	done
	if alive "$pid"; then
		echo "  The cluster did not stop within $STOP_SECONDS s, killed" >&2
		failed=1
		for process in "$pid" $workers; do
			kill -KILL "$process" 2>/dev/null || true
		done
	fi
	wait "$pid" 2>/dev/null || true
	pid=""
}

cleanup() {
	stop
	rm -rf "$work"
}
trap cleanup EXIT
trap 'echo "Line $LINENO failed" >&2' ERR
trap 'exit 130' INT
trap 'exit 143' TERM

# await_log PATTERN COUNT: until so many lines of the log match
await_log() {
	local deadline=$((SECONDS + START_SECONDS))
	while [ "$(grep -cE "$1" "$log" || true)" -lt "$2" ]; do
		alive "$pid" && [ "$SECONDS" -lt "$deadline" ] || give_up "Not $2 times '$1' in the log"
		sleep 0.1
	done
}

await_port() {
	await_log ': Cluster primary pid=' 1
	port="$(sed -nE 's/.*: Cluster primary pid=.* on port ([0-9]+);.*/\1/p' "$log" | head -n 1)"
}

# await_workers COUNT: until so many have been ready
await_workers() {
	await_port
	await_log ': worker=[0-9]+ .* ready: ' "$1"
}

status() {
	curl -sf --max-time "${1:-5}" "http://127.0.0.1:$port/actuator/cluster" || true
}

# A port that nobody has now, below those that clients get
free_port() {
	local candidate
	for candidate in $(shuf -i 20000-30000 -n 50); do
		(: <"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || { echo "$candidate"; return; }
	done
}

# wrk_result FILE: requests per second and p99 in milliseconds, of what wrk --latency has printed
wrk_result() {
	awk '$1 == "99%" { time = $2; p99 = time + 0; if (time ~ /us$/) p99 /= 1000; else if (time !~ /ms$/) p99 *= 1000 }
		$1 == "Requests/sec:" { printf "%.0f %.1f\n", $2, p99 }' "$1"
}

# median FILE
median() {
	sort -n "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# each_jdk FUNCTION [JDK]...: calls it for each JDK, which is a home directory or a java
each_jdk() {
	local function="$1" jdk
	shift
	[ "$#" -gt 0 ] || set -- java
	for jdk in "$@"; do
		java="$jdk"
		[ -d "$java" ] && java="$java/bin/java"
		java="$(command -v "$java")" || { echo "No such JDK: $jdk" >&2; exit 2; }
		"$java" -version 2>&1 | head -n 1
		"$function"
	done
}
