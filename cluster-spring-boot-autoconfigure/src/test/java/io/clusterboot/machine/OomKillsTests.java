package io.clusterboot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OomKills}.
 */
class OomKillsTests {

	@TempDir
	private Path directory;

	private OomKills kills;

	@BeforeEach
	void create() {
		this.kills = new OomKills(this.directory.resolve("memory.events"));
	}

	@Test
	void countReadsVersion2() throws IOException {
		write("low 0\nhigh 0\nmax 7\noom 6\noom_kill 5\noom_group_kill 4\n");
		assertThat(this.kills.count()).isEqualTo(5);
	}

	@Test
	void countReadsVersion1() throws IOException {
		write("oom_kill_disable 0\nunder_oom 1\noom_kill 5\n");
		assertThat(this.kills.count()).isEqualTo(5);
	}

	@Test
	void explainWhenThereWasOneExplainsOneEnd() throws IOException {
		kills(3);
		long before = this.kills.count();
		assertThat(this.kills.explain(before)).isFalse();
		kills(4);
		assertThat(this.kills.explain(before)).isTrue();
		assertThat(this.kills.explain(before)).isFalse();
	}

	@Test
	void explainWhenSeveralWereKilledTogetherExplainsThemAll() throws IOException {
		kills(0);
		long before = this.kills.count();
		kills(2);
		assertThat(this.kills.explain(before)).isTrue();
		assertThat(this.kills.explain(before)).isTrue();
		assertThat(this.kills.explain(before)).isFalse();
	}

	@Test
	void explainWhenItWasBeforeTheStartExplainsNothing() throws IOException {
		kills(1);
		assertThat(this.kills.explain(this.kills.count())).isFalse();
	}

	@Test
	void explainWhenItIsNotKnownExplainsNothing() throws IOException {
		assertThat(this.kills.explain(this.kills.count())).isFalse();
		assertThat(new OomKills(null).explain(0)).isFalse();
		write("oom_kill many\n");
		assertThat(this.kills.explain(0)).isFalse();
		write("low 0\n");
		assertThat(this.kills.explain(0)).isFalse();
	}

	private void kills(int count) throws IOException {
		write("oom_kill " + count + "\n");
	}

	private void write(String text) throws IOException {
		Files.writeString(this.directory.resolve("memory.events"), text);
	}

}
