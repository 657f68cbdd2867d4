package io.clusterboot.configdata;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.bootstrap.BootstrapContext;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.config.ConfigTreeConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigTreeConfigDataResource;
import org.springframework.core.Ordered;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.Assert;

/**
 * Comes before all other resolvers, lets Spring Boot's own read config trees from where
 * they are kept, and notes what is left to those that read what cannot be kept.
 */
class KeptTreeLocationResolver implements ConfigDataLocationResolver<ConfigTreeConfigDataResource>, Ordered {

	private final ResourceLoader resourceLoader;

	private final @Nullable KeptConfiguration kept;

	KeptTreeLocationResolver(ResourceLoader resourceLoader, BootstrapContext bootstrapContext) {
		this.resourceLoader = resourceLoader;
		this.kept = bootstrapContext.getOrElse(KeptConfiguration.class, null);
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
		if (this.kept == null || !this.kept.isKeeping()) {
			return false;
		}
		Stream.of(location.split())
			.map(LocationScheme::of)
			.filter((scheme) -> !scheme.isConstant())
			.forEach((scheme) -> this.kept.imported(scheme.name()));
		return location.hasPrefix(LocationScheme.TREE);
	}

	@Override
	public List<ConfigTreeConfigDataResource> resolve(ConfigDataLocationResolverContext context,
			ConfigDataLocation location) {
		Assert.state(this.kept != null, "'kept' must not be null");
		ConfigTreeConfigDataLocationResolver resolver = new ConfigTreeConfigDataLocationResolver(
				new KeptResourceLoader(this.resourceLoader, this.kept, true));
		String path = location.getNonPrefixedValue(LocationScheme.TREE);
		boolean single = path.endsWith("/") && !path.contains("*");
		return resolver.resolve(context, (single) ? in(this.kept.tree(Path.of(path))) : location);
	}

	private static ConfigDataLocation in(Path tree) {
		return ConfigDataLocation.of(LocationScheme.TREE + tree + "/");
	}

}
