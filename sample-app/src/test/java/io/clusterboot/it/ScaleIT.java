package io.clusterboot.it;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More and fewer workers while clients go on.
 */
class ScaleIT {

	@Test
	void scalingFailsNoRequest(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).start()) {
			cluster.awaitSettled();
			try (Clients clients = Clients.connecting(cluster.port(), "/", 4);
					Clients posts = Clients.pooledPosts(cluster.port(), 4)) {
				for (int workers : new int[] { 6, 1, 2 }) {
					HttpReply reply = cluster.post("/actuator/cluster/scale", "{\"workers\":%d}".formatted(workers));
					assertThat(reply.status()).as(reply.body()).isEqualTo(202);
					awaitWorkers(cluster, workers);
				}
				cluster.signal("TTIN");
				awaitWorkers(cluster, 3);
				cluster.signal("TTOU");
				awaitWorkers(cluster, 2);
				int id = cluster.reload("").id();
				assertThat(cluster.awaitReload(id).target()).isEqualTo(2);
				clients.assertNoneFailed();
				posts.assertNoneFailed();
				assertThat(clients.succeeded()).isGreaterThan(500);
				assertThat(posts.succeeded()).isGreaterThan(500);
			}
		}
	}

	private void awaitWorkers(ClusterProcess cluster, int workers) {
		cluster.await("%d workers".formatted(workers))
			.until(cluster::status, (status) -> status.isSettled() && status.target() == workers);
	}

}
