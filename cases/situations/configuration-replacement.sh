#!/bin/bash
# Configuration is edited without a reload, then a worker dies: its replacement has that of its generation
. "$CASES/lib.sh"
mkdir config
echo 'greeting: old' >config/application.yml
start plain 0
up
get / | grep -q greeting=old || fail "plain: $(get /)"
stop
start cluster 2
up 2
echo 'greeting: new' >config/application.yml
kill -KILL "$(worker 0)"
sleep 2
await 40 is_ready 2 || fail "no replacement: $(last)"
mixed=$(for _ in $(seq 30); do get /; done | grep -c greeting=new)
[ "$mixed" = 0 ] || fail "$mixed of 30 answers come from a configuration that nobody has reloaded"
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
fresh=$(for _ in $(seq 30); do get /; done | grep -c greeting=new)
[ "$fresh" = 30 ] || fail "after a reload $fresh of 30 answers have the new configuration"
ok "a replacement has the configuration of its generation, a reload brings the new one"
