package io.clusterboot.posix;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import com.sun.jna.Memory;

/**
 * Runs a classic BPF program as the kernel does: Documentation/networking/filter.rst. It
 * knows the instructions that the cluster's programs use, and no other.
 */
final class BpfMachine {

	private static final int NETWORK_HEADER = -0x100000;

	private static final int RANDOM = -0x1000 + 56;

	private static final int ST = 0x02;

	private static final int TAX = 0x07;

	private static final int RET_K = 0x06;

	private static final int RET_A = 0x16;

	private final List<Instruction> program = new ArrayList<>();

	BpfMachine(ClassicBpf program) {
		Memory memory = program.toMemory();
		for (long offset = 0; offset < memory.size(); offset += 8) {
			this.program.add(new Instruction(Short.toUnsignedInt(memory.getShort(offset)),
					Byte.toUnsignedInt(memory.getByte(offset + 2)), Byte.toUnsignedInt(memory.getByte(offset + 3)),
					memory.getInt(offset + 4)));
		}
	}

	/**
	 * Run the program.
	 * @param packet the packet from its IP header on, big-endian
	 * @param random what the random number is
	 * @return what the program returns
	 */
	int run(ByteBuffer packet, int random) {
		int[] scratch = new int[16];
		int a = 0;
		int x = 0;
		for (int i = 0; i < this.program.size(); i++) {
			Instruction instruction = this.program.get(i);
			int code = instruction.code();
			int k = instruction.k();
			if (code == RET_K || code == RET_A) {
				return (code == RET_K) ? k : a;
			}
			else if (code == ST) {
				scratch[k] = a;
			}
			else if (code == TAX) {
				x = a;
			}
			else {
				a = switch (code) {
					case 0x20 -> (k == RANDOM) ? random : packet.getInt(k - NETWORK_HEADER);
					case 0x30 -> Byte.toUnsignedInt(packet.get(k - NETWORK_HEADER));
					case 0x60 -> scratch[k];
					default -> compute(code, a, x, k);
				};
				i += jump(instruction, a, x);
			}
		}
		throw new IllegalStateException("The program does not return");
	}

	private int compute(int code, int a, int x, int k) {
		return switch (code) {
			case 0x00 -> k;
			case 0x24 -> a * k;
			case 0x54 -> a & k;
			case 0x74 -> a >>> k;
			case 0x94 -> Integer.remainderUnsigned(a, k);
			case 0xa4 -> a ^ k;
			case 0xac -> a ^ x;
			case 0x05, 0x15, 0x35, 0x2d -> a;
			default -> throw new IllegalStateException("Instruction 0x%02x".formatted(code));
		};
	}

	private int jump(Instruction instruction, int a, int x) {
		return switch (instruction.code()) {
			case 0x05 -> instruction.k();
			case 0x15 -> instruction.jump(a == instruction.k());
			case 0x35 -> instruction.jump(Integer.compareUnsigned(a, instruction.k()) >= 0);
			case 0x2d -> instruction.jump(Integer.compareUnsigned(a, x) > 0);
			default -> 0;
		};
	}

	private record Instruction(int code, int jumpTrue, int jumpFalse, int k) {

		int jump(boolean condition) {
			return (condition) ? this.jumpTrue : this.jumpFalse;
		}

	}

}
