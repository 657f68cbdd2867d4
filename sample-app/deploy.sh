#!/usr/bin/env bash
# Reloads a cluster, waits for the outcome and prints it. Ends with 0 if the new version is live, with 75 if it did
# nothing because another deploy of the same jar did not end in time, else with 1.
set -euo pipefail

usage() {
	cat <<-END
		Usage: deploy.sh [-u URL] [-s rolling|parallel] [NEW_JAR LIVE_JAR]

		With two jars, NEW_JAR is first copied to where the cluster's jar is, atomically. The one that was there
		stays as LIVE_JAR.previous, and is put back if the reload fails. Deploys to the same LIVE_JAR wait for one
		another (LIVE_JAR.lock).

		  -u URL  the endpoint; default: CLUSTER_URL, else http://localhost:8080/actuator/cluster
		  -s ...  the strategy; default: that of the cluster

		TIMEOUT is how many seconds all of it may take; default: 600
		INTERVAL is how many seconds pass between two looks at the reload; default: 1
	END
}

say() {
	printf '%s\n' "$*"
}

fail() {
	printf 'deploy: %s\n' "$*" >&2
	exit 1
}

url=${CLUSTER_URL:-http://localhost:8080/actuator/cluster}
timeout=${TIMEOUT:-600}
interval=${INTERVAL:-1}
strategy=
while getopts u:s:h option; do
	case $option in
	u) url=$OPTARG ;;
	s) strategy=$OPTARG ;;
	h) usage && exit ;;
	*) usage >&2 && exit 1 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || [ $# -eq 2 ] || { usage >&2 && exit 1; }
new=${1-}
live=${2-}
url=${url%/}
[[ $timeout =~ ^[1-9][0-9]*$ ]] || fail "TIMEOUT must be a number of seconds, not '$timeout'"
[[ $interval =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "INTERVAL must be a number of seconds, not '$interval'"
for tool in curl jq; do
	command -v "$tool" >/dev/null || fail "$tool is not installed"
done

# Sets $problem to curl's exit code, $status to that of HTTP and $body to the answer or to what went wrong.
# The cluster answers nobody who comes through a proxy.
request() {
	local answer
	problem=0
	answer=$(curl --silent --show-error --noproxy '*' --connect-timeout 5 --max-time 15 \
		--write-out '\n%{http_code}' "$@" 2>&1) || problem=$?
	status=${answer##*$'\n'}
	body=${answer%$'\n'*}
}

# Why the last request failed
trouble() {
	jq -er '.reason // empty' 2>/dev/null <<<"$body" || say "status $status, ${body:0:500}"
}

in_time() {
	[ "$SECONDS" -lt "$timeout" ]
}

next=
locked=
clean_up() {
	[ -z "$next" ] || rm -f -- "$next"
	[ -z "$locked" ] || rmdir -- "$locked"
}
trap clean_up EXIT

take_lock() {
	if command -v flock >/dev/null; then
		flock -n 9
	else
		mkdir -- "$live.lock.d" 2>/dev/null && locked=$live.lock.d
	fi
}

# A deploy that fails would put back what is not the jar before that of another
wait_for_others() {
	local advice=
	if command -v flock >/dev/null; then
		exec 9>>"$live.lock"
	else
		advice="; if none runs, remove $live.lock.d"
	fi
	take_lock && return
	say "Waiting for another deploy of $live"
	until take_lock; do
		if ! in_time; then
			printf 'deploy: nothing was done: another deploy of %s did not end within %s s%s\n' \
				"$live" "$timeout" "$advice" >&2
			exit 75
		fi
		sleep "$interval"
	done
}

previous=
put_in_place() {
	# The copy may take its time, the move does not
	next=$live.next.$$
	cp -- "$new" "$next"
	if [ -e "$live" ]; then
		ln -f -- "$live" "$live.previous" 2>/dev/null || cp -fp -- "$live" "$live.previous"
		previous=$live.previous
	fi
	mv -f -- "$next" "$live"
	next=
	say "$live is the new jar"
}

put_back() {
	if [ -n "$previous" ]; then
		mv -f -- "$previous" "$live"
		say "$live is the old jar again"
	fi
}

begin() {
	local data=()
	if [ -n "$strategy" ]; then
		data=(--header 'Content-Type: application/json' --data "$(jq -nc --arg strategy "$strategy" '{$strategy}')")
	fi
	local attempt
	for attempt in 1 2 3 4 5; do
		request --request POST "${data[@]}" "$url/reload"
		# Only what never reached the cluster (no connection) can be repeated without a second reload
		if [ "$problem" -ne 7 ] || ! in_time; then
			break
		fi
		[ "$attempt" -eq 5 ] || sleep "$interval"
	done
	[ "$status" = 202 ] && id=$(jq -er .id <<<"$body")
}

# Prints each step of the reload once
declare -A printed=()
progress() {
	local line
	while IFS= read -r line; do
		if [ -n "$line" ] && [ -z "${printed[$line]-}" ]; then
			printed[$line]=yes
			say "  $line"
		fi
	done < <(jq -r '
		([.steps[] | "slot \(.slot): " as $slot
			| {at: .forked, line: "\($slot)worker \(.worker) of generation \(.generation) starts"},
			(select(.ready) | {at: .ready, line: "\($slot)worker \(.worker) is ready"}),
			(select(.drained) | {at: .drained, line: "\($slot)worker \(.replaced) is gone"})]
			| sort_by(.at)[] | .line),
		(.canary // empty | "worker \(.worker) is compared with the others until \(.until)"),
		(select(.status == "running" and .reason) | "going back: \(.reason)")' <<<"$body")
}

if [ -n "$new" ]; then
	[ -f "$new" ] || fail "there is no $new"
	wait_for_others
fi
say "Reloading $url"
if [ -n "$new" ]; then
	put_in_place
fi
if ! begin; then
	put_back
	fail "no reload was begun: $(trouble)"
fi
say "Reload $id"
failures=0
while in_time; do
	request "$url/reloads/$id"
	# While workers change places a single answer may be missing
	if [ "$status" != 200 ] || ! outcome=$(jq -er .status 2>/dev/null <<<"$body"); then
		failures=$((failures + 1))
		[ "$failures" -lt 30 ] || fail "the outcome of reload $id is not known, $failures answers in a row failed: $(trouble)"
		sleep "$interval"
		continue
	fi
	failures=0
	progress
	case $outcome in
	running) sleep "$interval" ;;
	succeeded)
		say "Reload $id succeeded: generation $(jq -r .toGeneration <<<"$body") is live"
		exit 0
		;;
	*)
		say "Reload $id $outcome: $(jq -r .reason <<<"$body")"
		jq -r '.output // [] | if . == [] then empty else "Output of the worker:", "  | \(.[])" end' <<<"$body"
		put_back
		fail "generation $(jq -r .fromGeneration <<<"$body") is live"
		;;
	esac
done
fail "reload $id did not end within $timeout s. See $url/reloads/$id; to end it: curl -X POST $url/reloads/$id/abort"
