package io.clusterboot.bootstrap;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ReadOnlyDataSources}.
 */
class ReadOnlyDataSourcesTests {

	private final List<String> reasons = new ArrayList<>();

	private final ReadOnlyDataSources dataSources = new ReadOnlyDataSources(new TrainingRefusal(Path.of("")) {

		@Override
		void end(String reason) {
			ReadOnlyDataSourcesTests.this.reasons.add(reason);
		}

	});

	private final Connection connection = mock(Connection.class);

	private final Statement statement = mock(Statement.class);

	private final DataSource dataSource = mock(DataSource.class);

	@BeforeEach
	void connect() throws SQLException {
		given(this.dataSource.getConnection()).willReturn(this.connection);
		given(this.connection.createStatement()).willReturn(this.statement);
	}

	@ParameterizedTest
	@ValueSource(strings = { "select 1", " SELECT * FROM t", "-- all\nselect * from t", "/* all */ (select 1)",
			"with x as (select 1) select * from x", "VALUES 1", "show tables" })
	void queriesPass(String sql) throws SQLException {
		guarded().prepareStatement(sql);
		guarded().createStatement().executeQuery(sql);
		then(this.connection).should().prepareStatement(sql);
		then(this.statement).should().executeQuery(sql);
		assertThat(this.reasons).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "insert into t values (1)", "drop table t", "create table t(i int)", "merge into t",
			"with x as (delete from t returning *) select * from x", "select * into u from t", "truncate table t",
			"-- select\ndelete from t", "call p()", "" })
	void everythingElseEndsTheTraining(String sql) throws SQLException {
		guarded().prepareStatement(sql);
		guarded().createStatement().execute(sql);
		guarded().createStatement().addBatch(sql);
		guarded().prepareCall(sql);
		assertThat(this.reasons).hasSize(4);
	}

	@Test
	void reasonTellsNoValues() throws SQLException {
		guarded().prepareStatement("insert into secrets(value) values ('secret')");
		assertThat(this.reasons).singleElement()
			.isEqualTo("a bean writes to the application's database when it is made (insert into secrets ...)");
	}

	@Test
	void databaseFileThatCodeNamesEndsTheTraining() {
		FileDataSource file = mock(FileDataSource.class);
		given(file.getJdbcUrl()).willReturn("jdbc:h2:./db");
		this.dataSources.postProcessAfterInitialization(file, "database");
		assertThat(this.reasons).singleElement().asString().contains("is a file (bean 'database')");
	}

	@Test
	void otherBeansStayWhatTheyAre() {
		assertThat(this.dataSources.postProcessAfterInitialization("text", "bean")).isEqualTo("text");
	}

	private Connection guarded() throws SQLException {
		return ((DataSource) this.dataSources.postProcessAfterInitialization(this.dataSource, "database"))
			.getConnection();
	}

	/**
	 * A data source whose URL is set in code.
	 */
	interface FileDataSource extends DataSource {

		String getJdbcUrl();

	}

}
