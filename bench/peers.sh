#!/usr/bin/env bash
# Deploys the same application under the same load in three ways, and prints side by side what clients notice:
#
#   restart  a plain JVM, stopped and started again
#   nginx    two plain JVMs behind nginx, replaced one after the other by a script that takes each out of nginx first
#   cluster  two workers of a cluster, replaced by a rolling reload
#
#   bench/peers.sh [JDK]...
#
# A JDK is its home directory or its java; without any, the java on the PATH is used, which also sends the requests.
#   JAR       the application (default: the sample's jar), which has a health endpoint
#   URL_PATH  what is asked for (default: /)
#   RATE      requests per second (default: 120)
#   KINDS     in turn (default: restart nginx cluster)
#   OPTS      JVM options, such as -Xmx512m
#   ARGS      arguments of the application in the cluster, such as --cluster.warm-up.requests=/owners
#   WARM, STEADY, AFTER  seconds of load before anything is measured, before the deploy and after it (60, 30, 30)
#   SVG       a file for the chart
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/load.sh"

readonly KINDS="${KINDS:-restart nginx cluster}"
readonly GRACE=30
read -r -a options <<<"${OPTS:-}"
read -r -a arguments <<<"${ARGS:-}"
command -v nginx >/dev/null || { echo "nginx is not installed (Debian: nginx-light)" >&2; exit 2; }

# Those of a plain application, by number, and nginx
declare -A plain=() ports=()
nginx=""

cleanup() {
	local process
	for process in "$loop" "$nginx" ${plain[@]+"${plain[@]}"}; do
		alive "$process" && kill -KILL "$process" 2>/dev/null
	done
	stop
	rm -rf "$work"
}

# start_plain NUMBER: on the port that it has, or on any
start_plain() {
	"$java" ${options[@]+"${options[@]}"} -jar "$JAR" --server.address=127.0.0.1 --server.port="${ports[$1]:-0}" \
		--cluster.workers=0 --server.shutdown=graceful >"$work/plain-$1" 2>&1 &
	plain[$1]=$!
}

await_plain() {
	local deadline=$((SECONDS + START_SECONDS))
	until grep -q 'Started .* in ' "$work/plain-$1" && [ -n "$(listening "$1")" ] \
		&& curl -sf -o "$work/health" "http://127.0.0.1:$(listening "$1")/actuator/health"; do
		alive "${plain[$1]}" && [ "$SECONDS" -lt "$deadline" ] || { tail -n 20 "$work/plain-$1" >&2; exit 1; }
		sleep 0.1
	done
	ports[$1]="$(listening "$1")"
}

listening() {
	sed -nE 's/.*Tomcat started on port ([0-9]+) .*/\1/p' "$work/plain-$1" | tail -n 1
}

stop_plain() {
	local deadline=$((SECONDS + GRACE))
	kill -TERM "${plain[$1]}"
	while alive "${plain[$1]}" && [ "$SECONDS" -lt "$deadline" ]; do
		sleep 0.1
	done
	kill -KILL "${plain[$1]}" 2>/dev/null || true
	wait "${plain[$1]}" 2>/dev/null || true
	unset "plain[$1]"
}

# upstream NUMBER...: the servers that nginx uses
upstream() {
	local number servers=""
	for number in "$@"; do
		servers+="server 127.0.0.1:${ports[$number]}; "
	done
	cat >"$work/nginx.conf" <<-END
		daemon off;
		worker_processes auto;
		pid $work/nginx.pid;
		error_log $work/nginx.log warn;
		events { worker_connections 4096; }
		http {
			access_log off;
			client_body_temp_path $work/nginx-body;
			proxy_temp_path $work/nginx-proxy;
			fastcgi_temp_path $work/nginx-fastcgi;
			uwsgi_temp_path $work/nginx-uwsgi;
			scgi_temp_path $work/nginx-scgi;
			upstream application { $servers keepalive 64; }
			server {
				listen 127.0.0.1:$port;
				location / {
					proxy_pass http://application;
					proxy_http_version 1.1;
					proxy_set_header Connection "";
				}
			}
		}
	END
	[ -z "$nginx" ] || kill -HUP "$nginx"
}

start_restart() {
	start_plain 0
	await_plain 0
	port="${ports[0]}"
}

deploy_restart() {
	stop_plain 0
	start_plain 0
	await_plain 0
}

stop_restart() {
	stop_plain 0
	ports=()
}

start_nginx() {
	start_plain 0
	start_plain 1
	await_plain 0
	await_plain 1
	port="$(free_port)"
	upstream 0 1
	nginx -e "$work/nginx.log" -c "$work/nginx.conf" -p "$work" &
	nginx=$!
	until curl -sf -o "$work/health" "http://127.0.0.1:$port/actuator/health"; do
		alive "$nginx" || { cat "$work/nginx.log" >&2; exit 1; }
		sleep 0.1
	done
}

deploy_nginx() {
	local number
	for number in 0 1; do
		upstream $((1 - number))
		# Requests that the old processes of nginx still pass on
		sleep 1
		stop_plain "$number"
		start_plain "$number"
		await_plain "$number"
		upstream 0 1
	done
}

stop_nginx() {
	kill -TERM "$nginx"
	wait "$nginx" || true
	nginx=""
	stop_plain 0
	stop_plain 1
	ports=()
}

start_cluster() {
	"$java" ${options[@]+"${options[@]}"} -jar "$JAR" --server.address=127.0.0.1 --server.port=0 --cluster.workers=2 \
		${arguments[@]+"${arguments[@]}"} >"$log" 2>&1 &
	pid=$!
	await_workers 2
}

deploy_cluster() {
	local deadline=$((SECONDS + START_SECONDS * 2))
	kill -USR2 "$pid"
	until grep -q ': Reload 1 succeeded' "$log"; do
		alive "$pid" && [ "$SECONDS" -lt "$deadline" ] || give_up "The reload did not succeed"
		sleep 0.1
	done
}

stop_cluster() {
	stop
}

# measure KIND
measure() {
	local kind="$1" file="$work/$1-answers" steady begin end last
	"start_$kind"
	begin_load "$port" "$file"
	sleep "$WARM"
	steady="$(now)"
	sleep "$STEADY"
	begin="$(now)"
	"deploy_$kind"
	end="$(now)"
	sleep "$AFTER"
	last="$(now)"
	end_load "$file"
	"stop_$kind"
	times["$kind"]="$steady $begin $end $last"
}

# ratio A B
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf (b > 0) ? "%.1f" : "-", a / b }'
}

compare() {
	local kind steady begin end last p50 p99 slowest count bad quiet panels=()
	declare -A times=()
	for kind in $KINDS; do
		measure "$kind"
	done
	printf '  %-9s%10s%14s%14s%12s%10s%10s\n' "" "deploy" "steady p99" "p99 in it" "times" "slowest" "failed"
	for kind in $KINDS; do
		read -r steady begin end last <<<"${times[$kind]}"
		read -r _ quiet _ < <(quantiles "$work/$kind-answers" "$steady" "$begin")
		read -r p50 p99 slowest count bad < <(quantiles "$work/$kind-answers" "$begin" "$last")
		printf '  %-9s%8.1f s%11.1f ms%11.1f ms%12s%7d ms%10d\n' "$kind" "$(ratio $((end - begin)) 1000)" "$quiet" "$p99" \
			"$(ratio "$p99" "$quiet")" "${slowest%.*}" "$bad"
		panels+=("$kind" "$work/$kind-answers" "$begin" "$end")
	done
	[ -z "${SVG:-}" ] || java "$bench/Chart.java" "$SVG" "${panels[@]}"
}

each_jdk compare "$@"
exit "$failed"
