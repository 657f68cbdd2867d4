#!/usr/bin/env bash
# Prints what the primary costs, for each JDK given: resident memory, classes, start-up.
# Fails if it is too big or has a class of Spring, Tomcat or the application.
#
#   bench/primary-footprint.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used.
#   JAR    the application (default: the sample's jar)
#   RUNS   starts of each kind, of which the median counts (default: 3)
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly LIMIT_KB=$((60 * 1024))
readonly RUNS="${RUNS:-3}"
started_at=""

fail() {
	echo "  FAILED: $*"
	failed=1
}

start() {
	started_at="$(date +%s%3N)"
	"$java" -jar "$JAR" --server.address=127.0.0.1 --server.port=0 \
		--cluster.reload.train=off "$@" >"$log" 2>&1 &
	pid=$!
}

# millis PATTERN: from the start of the process to the first line that matches, by the line's own time.
# Several processes write to the log, so another line may stand before it without a line break.
millis() {
	local time
	time="$(sed -nE "s/^.*([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)) .*$1.*$/\1/p" "$log" | sed -n 1p)"
	[ -n "$time" ] || give_up "No time before '$1' in the log"
	echo $(($(date -d "$time" +%s%3N) - started_at))
}

measure_plain() {
	start --cluster.workers=0
	await_log ' Started [A-Za-z]+ in ' 1
	millis ' Started [A-Za-z]+ in ' >>"$work/plain"
	stop
}

measure_cluster() {
	start --cluster.workers=2
	await_workers 2
	millis ': Cluster primary pid=' >>"$work/primary"
	millis ': worker=1 .* ready: ' >>"$work/cluster"
}

measure_memory() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$pid/status"
}

report_primary() {
	local resident classes foreign
	# Before jcmd, which loads classes of its own
	resident="$(measure_memory)"
	"$jcmd" "$pid" VM.class_hierarchy -i >"$work/hierarchy"
	classes="$("$jcmd" "$pid" VM.classloader_stats | awk '$1 == "Total" { print $4 }')"
	echo "  resident memory of the primary        $resident kB (limit $LIMIT_KB kB)"
	echo "  classes in the primary                $classes"
	[ "$resident" -le "$LIMIT_KB" ] || fail "the primary is bigger than $LIMIT_KB kB"
	grep -q 'io\.clusterboot\.primary\.' "$work/hierarchy" || fail "the primary's own classes are not listed"
	# Whatever the boot loader did not load must be ours or JNA's
	foreign="$(sed -n 's/^[| -]*\([A-Za-z_$][^ ]*\)\/0x[0-9a-f]*.*$/\1/p' "$work/hierarchy" \
		| grep -vE '^(io\.clusterboot\.(channel|code|command|contract|evidence|listen|machine|output|posix|primary|supervisor)\.|io\.clusterboot\.[A-Z]|com\.sun\.jna\.|org\.jspecify\.|java\.|javax\.|jdk\.|sun\.)' \
		| grep -vE '^(com\.sun\.proxy|\$Proxy|jdk\.proxy)' | sort -u || true)"
	if [ -n "$foreign" ] || grep -qE 'org\.(springframework|apache)\.|io\.clusterboot\.sample\.' "$work/hierarchy"; then
		fail "classes that do not belong in the primary: $(echo "$foreign" | head -n 10 | tr '\n' ' ')"
	else
		echo "  classes of Spring, Tomcat, the user   0"
	fi
}

measure() {
	local jcmd run
	jcmd="$(dirname "$(readlink -f "$java")")/jcmd"
	[ -x "$jcmd" ] || { echo "No jcmd beside $java: a whole JDK is needed" >&2; exit 2; }
	rm -f "$work"/{plain,primary,cluster}
	for ((run = 1; run <= RUNS; run++)); do
		measure_plain
		measure_cluster
		[ "$run" -lt "$RUNS" ] || report_primary
		stop
	done
	local plain primary cluster
	plain="$(median "$work/plain")"
	primary="$(median "$work/primary")"
	cluster="$(median "$work/cluster")"
	echo "  start to the primary's first line     $primary ms"
	echo "  start to the first worker ready       $cluster ms"
	echo "  start to ready, cluster.workers=0     $plain ms"
	echo "  start-up cost of the cluster          $((cluster - plain)) ms"
}

each_jdk measure "$@"
exit "$failed"
