# Sourced by the benchmarks: one cluster at a time, which is stopped whatever happens.
set -Eeuo pipefail
exec </dev/null

readonly STOP_SECONDS=45
# Whatever these add would be measured too
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
JAR="${JAR:-$(find "$repository/sample-app/target" -maxdepth 1 -name 'sample-app-*.jar' 2>/dev/null | head -n 1)}"
[ -f "$JAR" ] || { echo "No jar; run: mvn -DskipTests package" >&2; exit 2; }

work="$(mktemp -d)"
log="$work/log"
pid=""
failed=0

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
