package io.clusterboot.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrintController}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PrintControllerTests {

	private final MockMvcTester mvc = MockMvcTester.of(new PrintController());

	@Test
	void printWritesNumberedLinesOnBothStreams(CapturedOutput output) {
		assertThat(this.mvc.get().uri("/print?lines=2&request=a")).hasStatusOk()
			.hasBodyTextEqualTo("Printed 2 lines on pid=" + ProcessHandle.current().pid());
		assertThat(output.getOut()).contains("Line 1 of 2 of request a on stdout", "Line 2 of 2 of request a");
		assertThat(output.getErr()).contains("Line 1 of 2 of request a on stderr", "Line 2 of 2 of request a");
	}

}
