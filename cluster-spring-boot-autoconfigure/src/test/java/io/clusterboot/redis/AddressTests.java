package io.clusterboot.redis;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Address}.
 */
class AddressTests {

	@Test
	void workerOfTheSameMachineIsCalledByItsId() {
		assertThat(new Address(3, 5).seenFrom(3)).isEqualTo(5);
		assertThat(Address.dialled(5, 3)).isEqualTo(new Address(3, 5));
	}

	@Test
	void workerOfAnotherMachineIsCalledByBoth() {
		assertThat(new Address(3, 5).seenFrom(4)).isEqualTo(3_000_005);
		assertThat(Address.dialled(3_000_005, 4)).isEqualTo(new Address(3, 5));
		assertThat(Address.dialled(3_000_005, 3)).isEqualTo(new Address(3, 5));
		assertThat(new Address(2000, 999_999).seenFrom(1)).isPositive();
	}

	@Test
	void addressIsWrittenAsItIsRead() {
		assertThat(Address.parse(new Address(12, 345).toString())).isEqualTo(new Address(12, 345));
	}

}
