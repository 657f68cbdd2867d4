package io.clusterboot.bootstrap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseFile}.
 */
class DatabaseFileTests {

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:file:./db;AUTO_SERVER=TRUE", "jdbc:h2:./db", "jdbc:h2:~/db",
			"jdbc:hsqldb:file:db", "jdbc:hsqldb:db/db", "jdbc:derby:db;create=true", "jdbc:sqlite:app.db",
			"jdbc:sqlite:file:app.db", "jdbc:duckdb:app.db", "jdbc:p6spy:h2:file:./db", "r2dbc:h2:file:///./db",
			"r2dbc:pool:h2:file:///db", "JDBC:H2:./db" })
	void isMeantByUrlsOfFiles(String url) {
		assertThat(DatabaseFile.isMeantBy(url)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "jdbc:h2:mem:db", "jdbc:h2:tcp://host/db", "jdbc:hsqldb:mem:db", "jdbc:hsqldb:.",
			"jdbc:hsqldb:hsql://host/db", "jdbc:derby:memory:db", "jdbc:derby://host/db", "jdbc:sqlite::memory:",
			"jdbc:sqlite:", "jdbc:duckdb:", "jdbc:postgresql://host/db", "jdbc:mysql://host/db?user=h2:x",
			"jdbc:p6spy:h2:mem:db", "r2dbc:h2:mem:///db", "file:./db", "see jdbc:h2:file:./db" })
	void isNotMeantByOthers(String url) {
		assertThat(DatabaseFile.isMeantBy(url)).isFalse();
	}

}
