#!/bin/bash
# Metrics behind the shared port
. "$CASES/lib.sh"
options=(--management.endpoints.web.exposure.include=health,cluster,metrics --management.server.port=0
	'--management.metrics.tags.worker=${cluster.worker.slot:0}')
start plain 0 "${options[@]}"
up
stop
start cluster 2 "${options[@]}"
await 60 eval '[ "$(grep -c " ready: " "$LOG")" = 2 ]' || fail "not ready: $(last)"
tags=$(for port in $(grep -oE 'Tomcat started on port [0-9]+' "$LOG" | grep -oE '[0-9]+$' | sort -u); do
	[ "$port" = "$PORT" ] || curl -s -m 5 "localhost:$port/actuator/metrics/jvm.threads.live" \
		| jq -r '.availableTags[] | select(.tag == "worker") | .values[]'
done | sort | tr '\n' ' ')
[ "$tags" = "0 1 " ] || fail "tags: $tags"
documented 'management.metrics.tags.worker' || fail "no page has the recipe"
differs "each worker has a port for its metrics, by the recipe in the documents"
