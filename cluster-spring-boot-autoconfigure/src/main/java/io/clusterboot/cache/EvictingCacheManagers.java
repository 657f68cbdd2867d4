package io.clusterboot.cache;

import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import io.clusterboot.ClusterAnswers;
import io.clusterboot.MessageException;
import io.clusterboot.worker.messages.Messages;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * Gives every cache manager caches of which other workers hear what is evicted, if they
 * are in the memory of this worker.
 */
public final class EvictingCacheManagers implements BeanPostProcessor {

	// Caches that workers share have nothing to tell
	private static final Set<String> LOCAL = Set.of("org.springframework.cache.concurrent.ConcurrentMapCache",
			"org.springframework.cache.caffeine.CaffeineCache");

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final Messages messages;

	private final boolean enabled;

	private final Map<String, EvictingCache> caches = new ConcurrentHashMap<>();

	/**
	 * Create the post-processor.
	 * @param messages by which workers hear of each other's evictions
	 * @param enabled whether this worker tells others: it hears and confirms in any case,
	 * because those of another generation may tell it
	 */
	public EvictingCacheManagers(Messages messages, boolean enabled) {
		this.messages = messages;
		this.enabled = enabled;
		messages.handle("cluster-evictions", CacheEviction.class, this::evict);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!this.enabled || !(bean instanceof CacheManager manager) || bean instanceof SharedCacheManager) {
			return bean;
		}
		ProxyFactory proxy = new ProxyFactory(manager);
		proxy.setProxyTargetClass(!Modifier.isFinal(bean.getClass().getModifiers()));
		proxy.addAdvice((MethodInterceptor) (invocation) -> {
			Object result = invocation.proceed();
			return (result instanceof Cache cache && invocation.getMethod().getName().equals("getCache"))
					? evicting(beanName, cache) : result;
		});
		return proxy.getProxy(bean.getClass().getClassLoader());
	}

	private Cache evicting(String manager, Cache cache) {
		if (!LOCAL.contains(cache.getClass().getName())) {
			return cache;
		}
		String name = nameOf(manager, cache.getName());
		EvictingCache known = this.caches.get(name);
		return (known != null && known.isOf(cache)) ? known
				: this.caches.compute(name, (same, current) -> (current != null && current.isOf(cache)) ? current
						: new EvictingCache(cache, (key) -> evictInOthers(manager, cache.getName(), key)));
	}

	private static String nameOf(String manager, String cache) {
		return manager + ' ' + cache;
	}

	private void evictInOthers(String manager, String cache, @Nullable Object key) {
		// What cannot be said of one is said of all, which costs them time but no truth
		List<EvictionKey.Part> parts = (key != null) ? EvictionKey.partsOf(key) : null;
		ClusterAnswers<Void> answers = this.messages.askAllHandlers(null, new CacheEviction(manager, cache, parts),
				TIMEOUT);
		if (!answers.isComplete()) {
			Set<Integer> missing = new TreeSet<>(answers.silent());
			missing.addAll(answers.failures().keySet());
			throw new MessageException("The cache %s may still hold old values in the workers %s: they did not confirm"
				.formatted(cache, missing), null);
		}
	}

	private void evict(CacheEviction eviction) {
		EvictingCache cache = this.caches.get(nameOf(eviction.manager(), eviction.cache()));
		if (cache != null) {
			cache.evictHere((eviction.key() != null) ? EvictionKey.of(eviction.key()) : null);
		}
	}

}
