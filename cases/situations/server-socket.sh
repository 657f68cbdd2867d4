#!/bin/bash
# A bean listens on a fixed port
. "$CASES/lib.sh"
port=$(free_port)
start plain 0 --habit.server-socket="$port"
up
stop
start cluster 2 --habit.server-socket="$port"
await 40 logged 'Slot 1 lost worker' || fail "a second worker starts: $(last)"
logged "WARN .*has bound port $port \\(habit.server-socket\\)" || logged "WARN .*has bound port $port" || fail "the first worker does not say so: $(last)"
logged "Slot 1 lost worker .*another worker has bound port $port" || fail "the second does not say why: $(last)"
ok "the first worker names the port, and the second why it cannot start"
