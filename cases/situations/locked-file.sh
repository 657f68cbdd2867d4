#!/bin/bash
# A file that only one process can lock, as an embedded database's
. "$CASES/lib.sh"
start plain 0 --habit.lock-file=lock
up
stop
start cluster 2 --habit.lock-file=lock
await 30 logged 'Slot 1 lost worker' || fail "a second worker starts: $(last)"
logged 'lost worker [0-9]+, which ended with exit code 1: .*locked by another process' \
	|| fail "the slot stays empty without a reason: $(last)"
answers || fail "the first worker does not serve"
stop
start alone 1 --habit.lock-file=lock --cluster.reload.max-surge=0 --cluster.reload.max-unavailable=1
up 1
reload
[[ $RELOAD == succeeded* ]] || fail "one by one: $RELOAD"
documented 'embedded database' || fail "no page tells of databases in a file"
differs "a second worker says why it cannot start; one by one with max-surge=0"
