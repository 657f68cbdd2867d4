package io.clusterboot.autoconfigure;

import java.util.Map;
import java.util.function.Supplier;

import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.contract.MetricMerge;
import io.clusterboot.metrics.ClusterScrapeEndpoint;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the
 * {@link ClusterScrapeEndpoint} of a worker. It takes the place of Spring Boot's, where
 * that is: not where the application has one of its own or exposes none.
 */
@AutoConfiguration
@ConditionalOnClass({ PrometheusScrapeEndpoint.class, PrometheusMeterRegistry.class })
@Import(ClusterMetricsAutoConfiguration.Registrar.class)
public final class ClusterMetricsAutoConfiguration {

	// Which endpoint there is was decided by conditions, ahead of time under Spring AOT
	static class Registrar implements BeanFactoryPostProcessor {

		private static final String NAME = "prometheusEndpoint";

		private static final String BOOT = PrometheusScrapeEndpoint.class.getPackageName() + ".";

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			Binder binder = Binder.get(beanFactory.getBean(Environment.class));
			if (beanFactory.getSingleton(WorkerRun.BEAN_NAME) instanceof WorkerRun run && isOfSpringBoot(beanFactory)
					&& binder.bind("cluster.metrics.enabled", Boolean.class).orElse(true)) {
				Map<String, MetricMerge> merge = binder
					.bind("cluster.metrics.merge", Bindable.mapOf(String.class, MetricMerge.class))
					.orElseGet(Map::of);
				Supplier<ClusterScrapeEndpoint> endpoint = () -> new ClusterScrapeEndpoint(run.runtime().cluster(),
						beanFactory.getBean(PrometheusRegistry.class),
						beanFactory.getBean(PrometheusMeterRegistry.class), merge,
						beanFactory.getBean(PrometheusConfig.class).prometheusProperties());
				BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beanFactory;
				registry.removeBeanDefinition(NAME);
				// Others want to hear of this worker before anybody asks it
				registry.registerBeanDefinition(NAME,
						BeanDefinitionBuilder.rootBeanDefinition(ClusterScrapeEndpoint.class, endpoint)
							.setLazyInit(false)
							.getBeanDefinition());
			}
		}

		private static boolean isOfSpringBoot(ConfigurableListableBeanFactory beanFactory) {
			return beanFactory.containsBeanDefinition(NAME)
					&& String.valueOf(beanFactory.getBeanDefinition(NAME).getFactoryBeanName()).startsWith(BOOT);
		}

	}

}
