#!/bin/bash
# The application refuses traffic, as for maintenance
. "$CASES/lib.sh"
probe() { LIMIT=10 code "localhost:$PORT/actuator/health/readiness"; }
probes=--management.endpoint.health.probes.enabled=true
try() {
	post '/accept?on=false' >/dev/null
	sleep 3
	local refused accepted
	refused=$(probe)
	post '/accept?on=true' >/dev/null
	sleep 1
	accepted=$(probe)
	echo "$refused $accepted"
}
start plain 0 $probes
up
plain=$(try)
[ "$plain" = "503 200" ] || fail "plain: $plain"
stop
start cluster 1 $probes
up 1
cluster=$(try)
[ "$cluster" = "$plain" ] || fail "plain: $plain, cluster: $cluster: $(last)"
logged ' WARN .*ClusterPrimary' || fail "no WARN that nobody accepts traffic"
ok "$cluster, as plain, and a WARN"
