package io.clusterboot.autoconfigure;

import io.clusterboot.Cluster;
import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.lead.LeaderScheduling;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.worker.messages.MessageListenerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.support.GenericApplicationContext;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for those who listen to messages,
 * and for the {@link Cluster} and the {@link ClusterStore} of an application that runs
 * without a cluster. Workers have theirs already, and beans of the application come
 * before both.
 */
@AutoConfiguration
@Import({ MessageListenerFactory.class, ClusterAutoConfiguration.Registrar.class })
public final class ClusterAutoConfiguration {

	// Under Spring AOT a condition would be evaluated when nobody knows what the process
	// will be
	static class Registrar implements BeanFactoryPostProcessor, ApplicationContextAware {

		private @Nullable ApplicationContext context;

		@Override
		public void setApplicationContext(ApplicationContext context) {
			this.context = context;
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			keepFromBeingShutDown(beanFactory);
			if (beanFactory.getSingleton(WorkerRun.BEAN_NAME) instanceof WorkerRun run
					&& this.context instanceof GenericApplicationContext worker) {
				// Behind what configures the scheduling of the application, at the same
				// order
				worker.registerBean(LeaderScheduling.class.getName(), LeaderScheduling.class,
						() -> new LeaderScheduling(run.runtime().cluster()::leader,
								WorkerBeans.isForTheLeader(worker)));
			}
			else if (!beanFactory.containsSingleton(WorkerRun.BEAN_NAME)
					&& !Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)
					&& this.context instanceof GenericApplicationContext plain) {
				registerLocal(plain);
				WorkerBeans.registerOncePerCluster(plain);
			}
		}

		private static void registerLocal(GenericApplicationContext context) {
			LocalCluster cluster = new LocalCluster(context);
			boolean onRedis = WorkerBeans.isOnRedis(context.getEnvironment());
			if (onRedis) {
				RedisBusBeans.register(context, cluster);
			}
			else {
				context.registerBean(LocalStore.class.getName(), LocalStore.class,
						() -> LocalStore.of(context.getEnvironment()), (definition) -> definition.setFallback(true));
			}
			context.registerBean(LocalCluster.class.getName(), LocalCluster.class, () -> cluster, (definition) -> {
				definition.setFallback(true);
				definition.setDependsOn((onRedis) ? new String[] { RedisBusBeans.NAME } : null);
			});
		}

		// Spring takes it that a bean's method of that name is for the end of its
		// context,
		// but this one ends the whole cluster
		private static void keepFromBeingShutDown(ConfigurableListableBeanFactory beanFactory) {
			for (String name : beanFactory.getBeanNamesForType(Cluster.class, true, false)) {
				if (beanFactory.containsBeanDefinition(name)
						&& beanFactory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition
						&& AbstractBeanDefinition.INFER_METHOD.equals(definition.getDestroyMethodName())) {
					definition.setDestroyMethodName("");
				}
			}
		}

	}

}
