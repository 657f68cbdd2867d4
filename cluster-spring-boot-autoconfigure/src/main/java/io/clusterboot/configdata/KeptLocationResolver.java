package io.clusterboot.configdata;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.bootstrap.BootstrapContext;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.config.Profiles;
import org.springframework.boot.context.config.StandardConfigDataLocationResolver;
import org.springframework.boot.context.config.StandardConfigDataResource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.Assert;

/**
 * Comes right before Spring Boot's own resolver of files and resources and lets that work
 * on what is kept.
 */
class KeptLocationResolver implements ConfigDataLocationResolver<StandardConfigDataResource>, Ordered {

	private final @Nullable StandardConfigDataLocationResolver resolver;

	KeptLocationResolver(DeferredLogFactory logFactory, Binder binder, ResourceLoader resourceLoader,
			BootstrapContext bootstrapContext) {
		KeptConfiguration kept = bootstrapContext.getOrElse(KeptConfiguration.class, null);
		this.resolver = (kept != null && kept.isKeeping()) ? new StandardConfigDataLocationResolver(logFactory, binder,
				new KeptResourceLoader(resourceLoader, kept, false)) : null;
	}

	// Spring Boot puts its own last, whatever the order
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
		return this.resolver != null && LocationScheme.of(location).isStandard();
	}

	@Override
	public List<StandardConfigDataResource> resolve(ConfigDataLocationResolverContext context,
			ConfigDataLocation location) {
		return resolver().resolve(context, location);
	}

	@Override
	public List<StandardConfigDataResource> resolveProfileSpecific(ConfigDataLocationResolverContext context,
			ConfigDataLocation location, Profiles profiles) {
		return resolver().resolveProfileSpecific(context, location, profiles);
	}

	private StandardConfigDataLocationResolver resolver() {
		Assert.state(this.resolver != null, "'resolver' must not be null");
		return this.resolver;
	}

}
