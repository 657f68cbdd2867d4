#!/bin/bash
# A reload brings a configuration that ends the JVM after it was ready: the old version comes back and stays
. "$CASES/lib.sh"
mkdir config
echo 'greeting: good' >config/application.yml
start cluster 2 --cluster.reload.soak=8s
up 2
printf 'greeting: bad\nhabit:\n  dying: true\n' >config/application.yml
reload
[[ $RELOAD == rolled-back* ]] || fail "reload: $RELOAD"
await 40 is_ready 2 || fail "not whole afterwards: $(last)"
sleep 6
is_ready 2 || fail "workers of the old version die of the new configuration: $(last)"
ok "the old version comes back with its own configuration"
