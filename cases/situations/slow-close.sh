#!/bin/bash
# A bean takes longer to close than a drain may take
. "$CASES/lib.sh"
start plain 0 --habit.close-slowly=true
up
stop
logged '^CLOSED' || logged 'CLOSED' || fail "plain: $(last)"
start cluster 1 --habit.close-slowly=true --cluster.drain.timeout=2s
up 1
reload
[[ $RELOAD == succeeded* ]] || fail "reload: $RELOAD"
[ "$(grep -c CLOSED "$LOG")" = 1 ] || fail "killed while it closed, in a reload: $(last)"
stop 60
[ "$CODE" = 143 ] || fail "exit code $CODE"
[ "$(grep -c CLOSED "$LOG")" = 2 ] || fail "killed while it closed: $(last)"
ok "what the application does when it closes is waited for"
