package io.clusterboot.autoconfigure;

import io.clusterboot.bootstrap.WorkerEnvironments;
import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.worker.RemoteCluster;
import io.clusterboot.worker.messages.Messages;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Makes the contexts of tests what they are in workers.
 */
final class Workers {

	private Workers() {
	}

	static ApplicationContextInitializer<ConfigurableApplicationContext> joining() {
		return joining(Mockito.mock(RemoteCluster.class));
	}

	static ApplicationContextInitializer<ConfigurableApplicationContext> joining(RemoteCluster operations) {
		return (context) -> {
			WorkerRun run = WorkerEnvironments.join(context.getEnvironment());
			BDDMockito.given(run.runtime().cluster()).willReturn(operations);
			BDDMockito.given(operations.messages()).willReturn(Mockito.mock(Messages.class));
			DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();
			new WorkerBeans().initialize(bootstrap);
			bootstrap.register(WorkerRun.class, InstanceSupplier.of(run));
			bootstrap.close(context);
		};
	}

}
