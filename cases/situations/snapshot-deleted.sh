#!/bin/bash
# A cleaner of temporary directories deletes what the cluster keeps there
. "$CASES/lib.sh"
mkdir tmp
JVM+=(-Djava.io.tmpdir="$PWD/tmp")
start cluster 1
up 1
rm -rf tmp/cluster-*/generation-1 .*generation-1*
kill -KILL "$(worker 0)"
sleep 2
await 40 is_ready 1 || fail "no worker ever comes back: $(last)"
ok "a worker that dies is replaced all the same"
