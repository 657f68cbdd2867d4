package io.clusterboot.settings;

import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WorkerCount}.
 */
class WorkerCountTests {

	@ParameterizedTest
	@CsvSource({ "1,1", "4,4", "32,32", "' 3 ',3", "max,8", "MAX,8", "Max,8", "-1,7", "-3,5", "-7,1", "-8,1",
			"-999999999,1" })
	void parseWhenValueIsAllowedCountsWorkers(String value, int expected) {
		WorkerCount workers = WorkerCount.parse(value, 8);
		assertThat(workers.count()).isEqualTo(expected);
		assertThat(workers.isOff()).isFalse();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "  ", "0", "off", "OFF", "Off", "false" })
	void parseWhenClusterIsNotWantedIsOff(String value) {
		assertThat(WorkerCount.parse(value, 8).isOff()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "many", "true", "on", "1.5", "-0", "+2", "50%", "max-1", "9999999999", "--1", "1,2", "\u0663" })
	void parseWhenValueIsNotAllowedNamesItAndWhatIs(String value) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class).isThrownBy(() -> WorkerCount.parse(value, 8))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("cluster.workers");
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getAllowed()).contains("1 or more", "'max'", "here 8", "negative number", "'off'");
			});
	}

	@Test
	void parseWhenLocaleIsTurkishStillIgnoresCase() {
		Locale locale = Locale.getDefault();
		try {
			Locale.setDefault(Locale.forLanguageTag("tr"));
			assertThat(WorkerCount.parse("MAX", 2).count()).isEqualTo(2);
		}
		finally {
			Locale.setDefault(locale);
		}
	}

	@ParameterizedTest
	@CsvSource({ "2,4,64,32", "2,4,2,16", "0,1,0,1", "20,2,64,20" })
	void limitIsWhatProcessorsAndMemoryAllowButNeverFewerThanAskedFor(String value, int processors, long gigabytes,
			int expected) {
		assertThat(WorkerCount.parse(value).limit(processors, gigabytes << 30)).isEqualTo(expected);
	}

	@Test
	void limitWhereMemoryIsNotKnownIsThatOfProcessors() {
		assertThat(WorkerCount.parse("2").limit(4, Long.MAX_VALUE)).isEqualTo(32);
	}

	@Test
	void parseUsesProcessorsOfThisJvm() {
		assertThat(WorkerCount.parse("max").count()).isEqualTo(Runtime.getRuntime().availableProcessors());
	}

}
