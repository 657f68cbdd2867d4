package io.clusterboot.sample;

import io.clusterboot.Cluster;
import io.clusterboot.OncePerCluster;
import io.clusterboot.message.ClusterMessage;

import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A number that one worker finds out for all.
 */
@RestController
class UserController {

	private final Cluster cluster;

	private volatile UsersCount count = new UsersCount(0, 0);

	UserController(Cluster cluster) {
		this.cluster = cluster;
	}

	@OncePerCluster
	@Scheduled(fixedRate = 10_000)
	void count() {
		this.cluster.retain("users", new UsersCount(this.cluster.counter("visits").get(), this.cluster.id()));
	}

	@EventListener
	void on(ClusterMessage<UsersCount> message) {
		this.count = message.payload();
	}

	@GetMapping("/users")
	UsersCount users() {
		return this.count;
	}

	/**
	 * How many users there are.
	 *
	 * @param users how many have visited
	 * @param countedBy the worker that has counted them last
	 */
	record UsersCount(long users, int countedBy) {

	}

}
