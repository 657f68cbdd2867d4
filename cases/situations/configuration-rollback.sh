#!/bin/bash
# A reload brings a bad configuration file: it is rolled back, and so is what it says
. "$CASES/lib.sh"
mkdir config
echo 'greeting: good' >config/application.yml
start cluster 2 --cluster.reload.soak=8s
up 2
echo 'greeting: bad' >config/application.yml
(while :; do curl -s -m 5 -o /dev/null "localhost:$PORT/greeting"; sleep 0.02; done) &
load=$!
reload
kill $load
[[ $RELOAD == rolled-back* ]] || fail "reload: $RELOAD"
await 40 is_ready 2 || fail "not whole afterwards: $(last)"
bad=$(for _ in $(seq 40); do code "localhost:$PORT/greeting"; echo; done | grep -vc 200)
[ "$bad" = 0 ] || fail "after the rollback $bad of 40 answers are bad"
ok "after the rollback every answer is right"
