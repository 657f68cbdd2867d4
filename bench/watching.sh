#!/usr/bin/env bash
# Prints what it costs a loaded cluster to be looked at: by Prometheus, by the command's live view, by its other verbs,
# for each JDK given.
#
#   bench/watching.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used.
#   JAR       the application, which exposes the endpoint prometheus (default: the sample's jar)
#   URL_PATH  what is asked for (default: /)
#   RATE      requests per second (default: 120)
#   WORKERS   how many (default: 8)
#   DURATION  seconds of each measurement (default: 20)
#   RUNS      runs of each verb (default: 9)
#   OPTS      JVM options
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/load.sh"

readonly WORKERS="${WORKERS:-8}"
readonly DURATION="${DURATION:-20}"
readonly RUNS="${RUNS:-9}"
readonly COMMAND="$repository/cluster-cli/cluster"
read -r -a options <<<"${OPTS:-}"
for tool in script setsid curl; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done
watcher=""

cleanup() {
	alive "$watcher" && kill -KILL -- "-$watcher" 2>/dev/null
	alive "$loop" && kill -KILL "$loop" 2>/dev/null
	stop
	rm -rf "$work"
}

# ticks PID: the processor time that it has taken, in hundredths of a second
ticks() {
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# share BEFORE AFTER: in percent of a processor
share() {
	awk -v ticks=$(($2 - $1)) -v seconds="$DURATION" 'BEGIN { printf "%.2f %%", ticks / seconds }'
}

# jvm_of ARGUMENTS: the java that was given them
jvm_of() {
	local process
	for process in $(pgrep -f -- "$1"); do
		[ "$(cat "/proc/$process/comm" 2>/dev/null)" != java ] || echo "$process"
	done
}

# watch TITLE [COMMAND]...: what the primary takes while the command runs, once it has begun
watch() {
	local title="$1" before jvm="" seen=""
	shift
	if [ "$#" -gt 0 ]; then
		setsid "$@" >/dev/null 2>&1 &
		watcher=$!
		sleep 5
		jvm="$(jvm_of "monit --cluster $pid")"
	fi
	before="$(ticks "$pid")"
	[ -z "$jvm" ] || seen="$(ticks "$jvm")"
	sleep "$DURATION"
	printf '  %-28s primary %8s  %5d kB resident' "$title" "$(share "$before" "$(ticks "$pid")")" \
		"$(awk '/^VmRSS:/ { print $2 }' "/proc/$pid/status")"
	[ -z "$jvm" ] || printf '  itself %8s' "$(share "$seen" "$(ticks "$jvm")")"
	echo
	if [ -n "$watcher" ]; then
		kill -TERM -- "-$watcher" 2>/dev/null || true
		wait "$watcher" 2>/dev/null || true
		watcher=""
	fi
}

scrapes() {
	while curl -sf --max-time 5 -o /dev/null "$1"; do
		sleep 1
	done
}
export -f scrapes

# verb NAME: how long it takes
verb() {
	local run begin
	rm -f "$work/times"
	for run in $(seq "$RUNS"); do
		begin="$(now)"
		"$COMMAND" "$1" --cluster "$pid" >/dev/null
		echo $(($(now) - begin)) >>"$work/times"
	done
	printf '  %-28s %d ms, median of %d\n' "cluster $1" "$(median "$work/times")" "$RUNS"
}

measure() {
	"$java" ${options[@]+"${options[@]}"} -jar "$JAR" --server.address=127.0.0.1 --server.port=0 \
		--cluster.workers="$WORKERS" --cluster.max-workers="$WORKERS" --cluster.reload.train=off >"$log" 2>&1 &
	pid=$!
	await_workers "$WORKERS"
	begin_load "$port" "$work/answers"
	sleep 10
	watch "nobody looks"
	watch "a scrape a second" bash -c "scrapes http://127.0.0.1:$port/actuator/prometheus"
	watch "cluster monit" script -qfc "stty cols 120 rows 40; exec '$COMMAND' monit --cluster $pid" /dev/null
	"$COMMAND" status --cluster "$pid" >/dev/null
	verb status
	verb list
	end_load "$work/answers"
	stop
}

each_jdk measure "$@"
exit "$failed"
