#!/bin/bash
# What is left in the temporary directory after trainings, reloads and a stop
. "$CASES/lib.sh"
mkdir tmp
JVM+=(-Djava.io.tmpdir="$PWD/tmp")
start cluster 1 --cluster.reload.train=before
up 1 120
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
stop
left=$(ls -A tmp | tr '\n' ' ')
[ -z "$left" ] || fail "left behind: $left"
ok "nothing"
