package io.clusterboot.redis;

import io.clusterboot.primary.RelayedClusters;
import io.clusterboot.worker.RemoteCluster;
import io.clusterboot.worker.RemoteStore;
import io.clusterboot.worker.messages.MessageListenerFactory;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * The contract, with what is of the primary in the same process.
 */
class PrimaryContractTests extends SharedClusterContract {

	private final RelayedClusters primary = new RelayedClusters();

	private int lastId;

	@Override
	Worker create() {
		int id = ++this.lastId;
		RemoteCluster cluster = this.primary.join(id);
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
				MessageListenerFactory.class, Heard.class);
		cluster.messages().belongTo(context);
		cluster.messages().begin(context);
		return new Worker(cluster, new RemoteStore(cluster), context.getBean(Heard.class), () -> {
			cluster.messages().end();
			this.primary.left(id);
			context.close();
		});
	}

	@Override
	void crash(Worker worker) {
		this.primary.left(worker.cluster().id());
	}

}
