# What every situation uses. A situation is run in a directory of its own and ends by saying one of
#   ok WHY         the cluster does what the plain application does, or refuses with a sentence that helps
#   differs WHY    something is different, and the documents say so
#   fail WHY       neither
#   skip WHY       it cannot be tried here

NAME=$(basename "$0" .sh)
JAVA=$JDK/bin/java
MARK=$NAME-$$
export CASES_MARK=$MARK
# What would make every reload slow. Arguments win over variables
export CLUSTER_RELOAD_SOAK=0s CLUSTER_RELOAD_TRAIN=off
export XDG_CACHE_HOME=$PWD.cache
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS CLUSTER_WORKERS
JVM=(-Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
P= LOG= CODE=

result() { printf '%s\t%s\n' "$1" "$2" >"$RESULT"; exit 0; }
ok() { result ok "$*"; }
differs() { result 'differs as documented' "$*"; }
fail() { result FAIL "$*"; }
skip() { result skipped "$*"; }

# Everything that was started here carries the mark, whoever its parent is by now
marked() {
	local environ pid
	for environ in /proc/[0-9]*/environ; do
		pid=${environ#/proc/} pid=${pid%/environ}
		[ "$pid" != $$ ] && grep -qz "^CASES_MARK=$MARK\$" "$environ" 2>/dev/null && echo "$pid"
	done
}

clean() {
	local pids
	# Again, because a primary that is not killed yet starts others
	while pids=$(marked); [ -n "$pids" ]; do
		kill -KILL $pids 2>/dev/null
	done
	wait 2>/dev/null
}
trap clean EXIT

free_port() {
	local port
	while :; do
		port=$((27000 + RANDOM % 5000))
		(exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null || { echo $port; return; }
	done
}
PORT=$(free_port)

# start LOG WORKERS ARGUMENT...: starts the application, with 0 workers plain
start() {
	LOG=$PWD/$1.log
	local workers=$2
	shift 2
	launch "$JAVA" "${JVM[@]}" -jar "$APP" --server.port="$PORT" --cluster.workers="$workers" "$@"
}

launch() {
	"$@" >>"$LOG" 2>&1 </dev/null &
	P=$!
}

running() { kill -0 "$P" 2>/dev/null; }
get() { curl -s -m "${LIMIT:-5}" "localhost:$PORT$1"; }
post() { curl -s -m 10 -X POST "localhost:$PORT$1" "${@:2}"; }
code() { curl -s -m "${LIMIT:-5}" -o /dev/null -w '%{http_code}' "$@"; }
status() { get /actuator/cluster; }
ready() { status | jq '[.workers[] | select(.state == "ready")] | length' 2>/dev/null; }
is_ready() { [ "$(ready)" = "$1" ]; }
worker() { status | jq ".workers[] | select(.slot == $1) | .pid" | head -1; }
logged() { grep -qE -- "$1" "$LOG"; }
answers() { [ "$(code "localhost:$PORT/")" = 200 ]; }
gone() { ! running; }

# await SECONDS COMMAND...: waits until the command succeeds
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.3
	done
}

# Waits until the application serves, in a cluster until that many workers are ready
up() {
	await "${2:-60}" served "${1:-0}" || fail "does not serve: $(last)"
	running || fail "ended: $(last)"
}
served() {
	running || return 0
	if [ "$1" = 0 ]; then answers; else is_ready "$1"; fi
}

# The last line of the log that is no part of a stack trace, without the time
last() { grep -vE '^\s*(at |\.\.\.|$)' "$LOG" | tail -1 | sed -E 's/^[0-9T:.Z-]+ +//; s/ +[0-9]+ --- \[[^]]*\].* : / /' | cut -c1-300; }

stop() {
	kill "$P" 2>/dev/null
	await "${1:-40}" gone || { kill -KILL "$P"; CODE=none; return 1; }
	wait "$P"
	CODE=$?
}

# The application must refuse to start: exit code not 0 and a line that says why
refused() {
	await 60 gone || fail "started, but should say '$1'"
	wait "$P"
	CODE=$?
	[ $CODE -ne 0 ] || fail "ended with 0"
	logged "$1" || fail "ended with $CODE without saying '$1': $(last)"
}

reload() {
	local id
	id=$(post /actuator/cluster/reload -H 'Content-Type: application/json' -d "${1:-{\}}" | jq .id)
	await 90 reloaded "$id" || fail "reload $id does not end: $(last)"
	RELOAD=$(get "/actuator/cluster/reloads/$id" | jq -r '"\(.status): \(.reason)"')
}
# While no worker serves there is no answer
reloaded() { get "/actuator/cluster/reloads/$1" | jq -e .status | grep -qvE 'running|null'; }

# What the documents say somewhere
documented() { cat "$DOCS"/../README.md "$DOCS"/*.md | tr '\n' ' ' | grep -qiE -- "$1"; }
