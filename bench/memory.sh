#!/usr/bin/env bash
# Prints what the workers of a cluster take of the memory of a container, for each size of it, number of workers and JDK
# given: the heap that each may have, and what they have resident after a load.
#
#   bench/memory.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used. Needs root, for a control group.
#   JAR       the application (default: the sample's jar)
#   URL_PATH  what is asked for (default: /)
#   MEMORY    sizes in GB (default: 1 2 4 8 24)
#   WORKERS   numbers of workers; 0 is a plain JVM (default: 0 2 4 8)
#   DURATION  seconds of load (default: 20)
#   OPTS      JVM options
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly URL_PATH="${URL_PATH:-/}"
readonly MEMORY="${MEMORY:-1 2 4 8 24}"
readonly WORKERS="${WORKERS:-0 2 4 8}"
readonly DURATION="${DURATION:-20}"
readonly CONNECTIONS=16
read -r -a options <<<"${OPTS:-}"
for tool in wrk nice; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done

group=""
if [ -d /sys/fs/cgroup/memory ]; then
	group="/sys/fs/cgroup/memory/bench-$$"
	limit="$group/memory.limit_in_bytes"
else
	group="/sys/fs/cgroup/bench-$$"
	limit="$group/memory.max"
fi
mkdir "$group" || { echo "No control group can be made; are you root?" >&2; exit 2; }

cleanup() {
	stop
	rmdir "$group" 2>/dev/null || true
	rm -rf "$work"
}

resident() {
	awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"
}

# heap PID: the largest that it may have, in MB
heap() {
	"${java%java}jcmd" "$1" VM.flags | grep -oE ':MaxHeapSize=[0-9]+' | awk -F= '{ printf "%d", $2 / 1048576 }'
}

await_start() {
	if [ "$1" -gt 0 ]; then
		await_workers "$1"
		return
	fi
	await_log 'Tomcat started on port' 1
	await_log 'Started .* in ' 1
	port="$(sed -nE 's/.*Tomcat started on port ([0-9]+) .*/\1/p' "$log" | head -n 1)"
}

# measure GIGABYTES WORKERS
measure() {
	local workers process sum=0 share most=0
	echo $(($1 * 1024 * 1024 * 1024)) >"$limit"
	sh -c 'echo $$ >"$1" && shift && exec "$@"' sh "$group/cgroup.procs" "$java" ${options[@]+"${options[@]}"} \
		-jar "$JAR" --server.address=127.0.0.1 --server.port=0 --cluster.workers="$2" --cluster.reload.train=off \
		--cluster.max-workers=16 >"$log" 2>&1 &
	pid=$!
	await_start "$2"
	nice -n 19 wrk -t1 -c"$CONNECTIONS" -d"${DURATION}s" "http://127.0.0.1:$port$URL_PATH" >"$work/load"
	workers="$pid"
	[ "$2" -eq 0 ] || workers="$(cat "/proc/$pid/task/"*/children)"
	for process in $workers; do
		share="$(resident "$process")"
		sum=$((sum + share))
		[ "$share" -le "$most" ] || most="$share"
	done
	printf '  %3d GB  %7s  heap of each at most %6d MB  largest %5d MB  all %6d MB  restarts %d\n' "$1" \
		"$([ "$2" -eq 0 ] && echo plain || echo "$2")" "$(heap "${workers%% *}")" $((most / 1024)) $((sum / 1024)) \
		"$(grep -cE ': Slot [0-9]+ lost worker' "$log" || true)"
	stop
}

measure_all() {
	local size workers
	for size in $MEMORY; do
		for workers in $WORKERS; do
			measure "$size" "$workers"
		done
	done
}

each_jdk measure_all "$@"
exit "$failed"
