#!/bin/bash
# A logging configuration of the user's own, with a file
. "$CASES/lib.sh"
cat >logback.xml <<'XML'
<configuration>
	<appender name="FILE" class="ch.qos.logback.core.FileAppender">
		<file>logs/app-${CLUSTER_WORKER_NAME:-plain}.log</file>
		<encoder><pattern>%d %m%n</pattern></encoder>
	</appender>
	<root level="info"><appender-ref ref="FILE"/></root>
</configuration>
XML
start cluster 2 --logging.config="file:$PWD/logback.xml" --cluster.reload.train=before
up 2 120
for _ in $(seq 10); do post '/log?lines=1000' >/dev/null; done
stop
lines=$(cat logs/*.log | grep -c 'of those that are counted')
[ "$lines" = 10000 ] || fail "$lines of 10000 lines"
trained=$(cat logs/app-plain.log logs/app-w*.log 2>/dev/null | grep -c 'Starting App')
[ "$trained" -le 3 ] || fail "a training start writes to the user's files ($trained starts in them)"
documented 'CLUSTER_WORKER_NAME:-' || fail "no page has the recipe"
differs "one file for each worker, by the recipe in the documents, loses no line"
