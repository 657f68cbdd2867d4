package io.clusterboot.autoconfigure;

import io.clusterboot.bootstrap.WorkerRun;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;

/**
 * Registers a bean in a worker, unless the application has one in its place. No condition
 * decides that: those are evaluated ahead of time under Spring AOT, when nobody knows
 * what the process will be.
 *
 * @param <T> the type of the bean
 */
abstract class WorkerBeanRegistrar<T> implements BeanFactoryPostProcessor {

	private final String name;

	private final Class<T> type;

	WorkerBeanRegistrar(String name, Class<T> type) {
		this.name = name;
		this.type = type;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getSingleton(WorkerRun.BEAN_NAME) instanceof WorkerRun run && isWanted(beanFactory)) {
			// Others may want something of this worker before anybody here does
			((BeanDefinitionRegistry) beanFactory).registerBeanDefinition(this.name,
					BeanDefinitionBuilder.rootBeanDefinition(this.type, () -> create(run))
						.setLazyInit(false)
						.getBeanDefinition());
		}
	}

	abstract boolean isWanted(ConfigurableListableBeanFactory beanFactory);

	abstract T create(WorkerRun run);

}
