#!/bin/bash
# An address that is set in code
. "$CASES/lib.sh"
start plain 0 --habit.loopback-in-code=true
up
stop
start cluster 2 --habit.loopback-in-code=true
refused 'sets address 127.0.0.1 in code, but the cluster has bound all addresses'
logged 'Set server.address=127.0.0.1' || fail "does not say what to do: $(last)"
start same 2 --habit.loopback-in-code=true --server.address=127.0.0.1
up 2
ok "refused with what to set"
