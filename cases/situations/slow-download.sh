#!/bin/bash
# Slow clients keep all request threads busy
. "$CASES/lib.sh"
download() { curl -s --limit-rate 200k -o /dev/null -w '%{size_download} %{exitcode}' "localhost:$PORT/file?megabytes=7" >"$1"; }
start cluster 1 --cluster.worker.stall-timeout=10s --cluster.drain.timeout=10s \
	--server.tomcat.threads.max=2 --server.tomcat.threads.min-spare=2
up 1
download one & one=$!
download two & two=$!
wait $one $two
[ "$(cat one two)" = "7340032 07340032 0" ] || fail "$(cat one), $(cat two): $(last)"
ok "both downloads are whole"
