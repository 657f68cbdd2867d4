package io.clusterboot.autoconfigure;

import io.clusterboot.actuate.access.SideDoorCheck;
import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.contract.BusKind;
import io.clusterboot.contract.Scheduling;
import io.clusterboot.lead.OncePerClusterPostProcessor;
import io.clusterboot.web.tomcat.TomcatGateCustomizer;
import io.clusterboot.worker.RemoteCluster;
import io.clusterboot.worker.RemoteStore;
import io.clusterboot.worker.WorkerLifecycle;
import io.clusterboot.worker.WorkerRuntime;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.bootstrap.BootstrapRegistry;
import org.springframework.boot.bootstrap.BootstrapRegistryInitializer;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Registers the beans without which no application is a worker, and in any other none.
 * They are not auto-configured because an application may exclude what is, or import only
 * what it needs, and could then not join its cluster.
 */
class WorkerBeans implements BootstrapRegistryInitializer {

	@Override
	public void initialize(BootstrapRegistry registry) {
		registry.addCloseListener((closed) -> {
			WorkerRun run = closed.getBootstrapContext().getOrElse(WorkerRun.class, null);
			if (run != null) {
				register((GenericApplicationContext) closed.getApplicationContext(), run);
			}
		});
	}

	private void register(GenericApplicationContext context, WorkerRun run) {
		WorkerRuntime runtime = run.runtime();
		runtime.cluster().messages().belongTo(context);
		runtime.starts(context.getDefaultListableBeanFactory()::getSingletonCount);
		// Under the names of their classes, which no bean of the application has
		context.getBeanFactory().registerSingleton(WorkerRun.BEAN_NAME, run);
		context.registerBean(WorkerLifecycle.class.getName(), WorkerLifecycle.class,
				() -> new WorkerLifecycle(runtime));
		context.registerBean(TomcatGateCustomizer.class.getName(), TomcatGateCustomizer.class, () -> {
			TomcatGateCustomizer customizer = new TomcatGateCustomizer(runtime.awaitGate(),
					run.ports()::requireForConnector);
			runtime.serve(customizer.server(), new SideDoorCheck());
			return customizer;
		});
		boolean onRedis = isOnRedis(context.getEnvironment());
		if (onRedis) {
			RedisBusBeans.register(context, runtime);
		}
		else {
			context.registerBean(RemoteStore.class.getName(), RemoteStore.class,
					() -> new RemoteStore(runtime.cluster()), (definition) -> definition.setFallback(true));
		}
		// The application may have its own beside it, and decorate this one
		context.registerBean(RemoteCluster.class.getName(), RemoteCluster.class, runtime::cluster, (definition) -> {
			definition.setFallback(true);
			definition.setDependsOn((onRedis) ? new String[] { RedisBusBeans.NAME } : null);
		});
		registerOncePerCluster(context);
	}

	static void registerOncePerCluster(GenericApplicationContext context) {
		boolean scheduling = isForTheLeader(context);
		context.registerBean(OncePerClusterPostProcessor.class.getName(), OncePerClusterPostProcessor.class,
				() -> new OncePerClusterPostProcessor(scheduling),
				(definition) -> definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE));
	}

	static boolean isOnRedis(Environment environment) {
		return Binder.get(environment).bind("cluster.bus", BusKind.class).orElse(BusKind.PRIMARY) == BusKind.REDIS;
	}

	static boolean isForTheLeader(GenericApplicationContext context) {
		return Binder.get(context.getEnvironment())
			.bind("cluster.scheduling", Scheduling.class)
			.orElse(Scheduling.EACH) == Scheduling.LEADER;
	}

}
