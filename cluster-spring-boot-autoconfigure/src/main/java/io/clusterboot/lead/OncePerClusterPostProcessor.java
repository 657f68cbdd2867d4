package io.clusterboot.lead;

import java.lang.reflect.Modifier;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterLeader;
import io.clusterboot.OncePerCluster;
import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Has methods with {@link OncePerCluster} run on the leader only, by a proxy of their
 * bean.
 */
public final class OncePerClusterPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private final boolean scheduling;

	private @Nullable ConfigurableListableBeanFactory beans;

	private @Nullable Advice advice;

	/**
	 * Create a post-processor.
	 * @param scheduling whether all methods that are scheduled run on the leader only
	 */
	public OncePerClusterPostProcessor(boolean scheduling) {
		this.scheduling = scheduling;
		// Methods that are scheduled are in classes, not in interfaces
		setProxyTargetClass(true);
		// No transaction is begun for what does not run
		setBeforeExistingAdvisors(true);
		// Before what looks for methods that are scheduled, or asynchronous
		setOrder(Ordered.LOWEST_PRECEDENCE - 1);
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		this.beans = (ConfigurableListableBeanFactory) beanFactory;
		// Not before it is needed, which would be too early for others to process it
		SingletonSupplier<ClusterLeader> leader = SingletonSupplier
			.of(() -> beanFactory.getBean(Cluster.class).leader());
		this.advice = new OnceInterceptor(leader::obtain);
		this.advisor = new DefaultPointcutAdvisor(new OncePointcut(this.scheduling), this.advice);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return isOnceByFactory(bean, beanName) ? proxy(bean) : super.postProcessAfterInitialization(bean, beanName);
	}

	// Runners are often lambdas, which can have no annotation of their own
	private boolean isOnceByFactory(Object bean, String beanName) {
		return (bean instanceof ApplicationRunner || bean instanceof CommandLineRunner) && this.beans != null
				&& this.beans.containsBean(beanName)
				&& this.beans.findAnnotationOnBean(beanName, OncePerCluster.class, false) != null;
	}

	private Object proxy(Object bean) {
		ProxyFactory factory = new ProxyFactory(bean);
		factory.setProxyTargetClass(
				!ClassUtils.isLambdaClass(bean.getClass()) && !Modifier.isFinal(bean.getClass().getModifiers()));
		NameMatchMethodPointcut run = new NameMatchMethodPointcut();
		run.setMappedName("run");
		factory.addAdvisor(new DefaultPointcutAdvisor(run, this.advice));
		return factory.getProxy(bean.getClass().getClassLoader());
	}

}
