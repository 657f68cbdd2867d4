package io.clusterboot.sample;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams of events that end when the application does. Only with
 * {@code sample.events=true}.
 */
@RestController
@ConditionalOnProperty("sample.events")
class EventController {

	private final Set<SseEmitter> streams = ConcurrentHashMap.newKeySet();

	@GetMapping(path = "/events", produces = "text/event-stream")
	SseEmitter events() throws IOException {
		SseEmitter stream = new SseEmitter(0L);
		this.streams.add(stream);
		stream.send("begin on pid=" + ProcessHandle.current().pid());
		return stream;
	}

	@EventListener
	void end(ContextClosedEvent event) throws IOException {
		for (SseEmitter stream : this.streams) {
			stream.send("end");
			stream.complete();
		}
	}

}
