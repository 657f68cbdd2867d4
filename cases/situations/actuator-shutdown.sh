#!/bin/bash
# Spring Boot's own endpoint for a shutdown
. "$CASES/lib.sh"
options=(--management.endpoints.web.exposure.include=health,cluster,shutdown --management.endpoint.shutdown.access=unrestricted)
start plain 0 "${options[@]}"
up
post /actuator/shutdown | grep -q bye || fail "plain: no answer"
await 20 gone || fail "plain: still runs"
start cluster 2 "${options[@]}"
up 2
post /actuator/shutdown | grep -q bye || fail "no answer"
sleep 3
await 40 is_ready 2 || fail "not whole afterwards: $(last)"
documented '/actuator/shutdown.{0,80}ends one worker' || fail "no page says that it ends one worker"
post /actuator/cluster/shutdown >/dev/null
await 20 gone || fail "/actuator/cluster/shutdown does not end it"
differs "ends one worker, which is replaced; /actuator/cluster/shutdown ends the cluster"
