#!/usr/bin/env bash
# Puts a new jar in the place of the one that a cluster runs, and makes it live. If it does not go live, the old jar is
# put back. Ends as "cluster reload" does, or with 75 if it did nothing because another deploy of the same jar did not
# end in time.
set -euo pipefail

if [ $# -lt 2 ]; then
	cat >&2 <<-END
		Usage: deploy.sh NEW_JAR LIVE_JAR [OPTION]...

		NEW_JAR is copied to where the cluster's jar is, atomically. The one that was there stays as LIVE_JAR.previous,
		and is put back if the reload fails. Deploys to the same LIVE_JAR wait for one another (LIVE_JAR.lock).
		OPTIONs are those of "cluster reload", such as --cluster NAME or --parallel.

		TIMEOUT is how many seconds each wait may take; default: 600
		CLUSTER is the command "cluster", if it is not on the PATH
	END
	exit 2
fi
new=$1
live=$2
shift 2

fail() {
	printf 'deploy: %s\n' "$2" >&2
	exit "$1"
}

cluster=${CLUSTER:-cluster}
timeout=${TIMEOUT:-600}
[[ $timeout =~ ^[1-9][0-9]*$ ]] || fail 2 "TIMEOUT must be a number of seconds, not '$timeout'"
[ -f "$new" ] || fail 2 "there is no $new"
command -v -- "$cluster" >/dev/null || fail 2 "there is no command $cluster"

# A deploy that fails would put back what is not the jar before that of another
exec 9>>"$live.lock"
flock -w "$timeout" 9 || fail 75 "nothing was done: another deploy of $live did not end within $timeout s"

# The copy may take its time, the move does not
cp -- "$new" "$live.next"
previous=
if [ -e "$live" ]; then
	previous=$live.previous
	ln -f -- "$live" "$previous" 2>/dev/null || cp -fp -- "$live" "$previous"
fi
mv -f -- "$live.next" "$live"

code=0
"$cluster" reload --timeout "$timeout" "$@" 9>&- || code=$?
# A reload that has not ended yet may go live
if [ "$code" -ne 0 ] && [ "$code" -ne 124 ] && [ -n "$previous" ]; then
	mv -f -- "$previous" "$live"
	echo "$live is the old jar again"
fi
exit "$code"
