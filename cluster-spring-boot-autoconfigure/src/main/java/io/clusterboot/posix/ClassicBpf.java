package io.clusterboot.posix;

import java.util.ArrayList;
import java.util.List;

import com.sun.jna.Memory;

/**
 * A classic BPF program. The instruction set is described in the kernel's
 * Documentation/networking/filter.rst, its numbers in linux/filter.h and
 * linux/bpf_common.h. Classic programs need no privilege.
 */
public final class ClassicBpf {

	private static final int BPF_LD_W_ABS = 0x20;

	private static final int BPF_LD_B_ABS = 0x30;

	private static final int BPF_ALU_AND_K = 0x54;

	private static final int BPF_ALU_MOD_K = 0x94;

	private static final int BPF_JMP_JEQ_K = 0x15;

	private static final int BPF_RET_K = 0x06;

	private static final int SKF_AD_OFF = -0x1000;

	private static final int SKF_AD_RANDOM = 56;

	private static final int TCP_FLAGS_OFFSET = 13;

	private static final int TCP_FLAG_SYN = 0x02;

	private static final int TCP_FLAG_ACK = 0x10;

	private static final int INSTRUCTION_SIZE = 8;

	private final List<Instruction> instructions;

	private ClassicBpf(List<Instruction> instructions) {
		this.instructions = instructions;
	}

	/**
	 * A socket filter that drops what would begin a new connection (SYN without ACK) and
	 * lets everything else pass, handshakes under way included.
	 * @return the program
	 */
	public static ClassicBpf dropNewConnections() {
		return new ClassicBpf(List.of(new Instruction(BPF_LD_B_ABS, 0, 0, TCP_FLAGS_OFFSET),
				new Instruction(BPF_ALU_AND_K, 0, 0, TCP_FLAG_SYN | TCP_FLAG_ACK),
				new Instruction(BPF_JMP_JEQ_K, 0, 1, TCP_FLAG_SYN), new Instruction(BPF_RET_K, 0, 0, 0),
				new Instruction(BPF_RET_K, 0, 0, -1)));
	}

	/**
	 * A program for a {@code SO_REUSEPORT} group that picks one of some sockets at
	 * random.
	 * @param indexes the indexes of the sockets in the group, at least one
	 * @return the program
	 */
	public static ClassicBpf randomOf(List<Integer> indexes) {
		List<Instruction> program = new ArrayList<>();
		program.add(new Instruction(BPF_LD_W_ABS, 0, 0, SKF_AD_OFF + SKF_AD_RANDOM));
		program.add(new Instruction(BPF_ALU_MOD_K, 0, 0, indexes.size()));
		for (int i = 0; i < indexes.size() - 1; i++) {
			program.add(new Instruction(BPF_JMP_JEQ_K, 0, 1, i));
			program.add(new Instruction(BPF_RET_K, 0, 0, indexes.get(i)));
		}
		program.add(new Instruction(BPF_RET_K, 0, 0, indexes.get(indexes.size() - 1)));
		return new ClassicBpf(List.copyOf(program));
	}

	int length() {
		return this.instructions.size();
	}

	Memory toMemory() {
		// struct sock_filter: linux/filter.h
		Memory memory = new Memory((long) INSTRUCTION_SIZE * length());
		for (int i = 0; i < length(); i++) {
			Instruction instruction = this.instructions.get(i);
			long offset = (long) INSTRUCTION_SIZE * i;
			memory.setShort(offset, (short) instruction.code());
			memory.setByte(offset + 2, (byte) instruction.jumpTrue());
			memory.setByte(offset + 3, (byte) instruction.jumpFalse());
			memory.setInt(offset + 4, instruction.k());
		}
		return memory;
	}

	private record Instruction(int code, int jumpTrue, int jumpFalse, int k) {

	}

}
