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

	private static final int BPF_LD_IMM = 0x00;

	private static final int BPF_LD_W_ABS = 0x20;

	private static final int BPF_LD_B_ABS = 0x30;

	private static final int BPF_LD_MEM = 0x60;

	private static final int BPF_ST = 0x02;

	private static final int BPF_ALU_MUL_K = 0x24;

	private static final int BPF_ALU_AND_K = 0x54;

	private static final int BPF_ALU_RSH_K = 0x74;

	private static final int BPF_ALU_MOD_K = 0x94;

	private static final int BPF_ALU_XOR_K = 0xa4;

	private static final int BPF_ALU_XOR_X = 0xac;

	private static final int BPF_JMP_JA = 0x05;

	private static final int BPF_JMP_JEQ_K = 0x15;

	private static final int BPF_JMP_JGE_K = 0x35;

	private static final int BPF_JMP_JGT_X = 0x2d;

	private static final int BPF_RET_K = 0x06;

	private static final int BPF_RET_A = 0x16;

	private static final int BPF_MISC_TAX = 0x07;

	private static final int SKF_AD_OFF = -0x1000;

	private static final int SKF_AD_RANDOM = 56;

	private static final int SKF_NET_OFF = -0x100000;

	// RFC 791, RFC 8200: the version is the upper half of the first byte

	private static final int IP_VERSION_MASK = 0xf0;

	private static final int IPV6_VERSION = 0x60;

	private static final int IPV4_SOURCE_OFFSET = 12;

	private static final int IPV6_SOURCE_OFFSET = 8;

	private static final int TCP_FLAGS_OFFSET = 13;

	private static final int TCP_FLAG_SYN = 0x02;

	private static final int TCP_FLAG_ACK = 0x10;

	private static final int INSTRUCTION_SIZE = 8;

	// Any odd numbers with about as many ones as zeros would do: these are of MurmurHash3

	private static final int MULTIPLIER = 0xcc9e2d51;

	private static final int MIX_1 = 0x85ebca6b;

	private static final int MIX_2 = 0xc2b2ae35;

	// Words of the program's scratch memory

	private static final int HASH = 0;

	private static final int CHOICE = 1;

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
		return new ClassicBpf(List.of(new Instruction(BPF_LD_B_ABS, TCP_FLAGS_OFFSET),
				new Instruction(BPF_ALU_AND_K, TCP_FLAG_SYN | TCP_FLAG_ACK),
				new Instruction(BPF_JMP_JEQ_K, 0, 1, TCP_FLAG_SYN), new Instruction(BPF_RET_K, 0),
				new Instruction(BPF_RET_K, -1)));
	}

	/**
	 * A program for a {@code SO_REUSEPORT} group that picks one of some sockets at
	 * random.
	 * @param indexes the indexes of the sockets in the group, at least one
	 * @param weights their shares relative to each other, in the same order, each at
	 * least 1
	 * @return the program
	 */
	public static ClassicBpf weighted(List<Integer> indexes, List<Integer> weights) {
		List<Instruction> program = new ArrayList<>();
		program.add(new Instruction(BPF_LD_W_ABS, SKF_AD_OFF + SKF_AD_RANDOM));
		program.add(new Instruction(BPF_ALU_MOD_K, weights.stream().mapToInt(Integer::intValue).sum()));
		int last = indexes.size() - 1;
		int limit = 0;
		for (int i = 0; i < last; i++) {
			limit += weights.get(i);
			// Returns where it compares, because a jump reaches 255 instructions
			program.add(new Instruction(BPF_JMP_JGE_K, 1, 0, limit));
			program.add(new Instruction(BPF_RET_K, indexes.get(i)));
		}
		program.add(new Instruction(BPF_RET_K, indexes.get(last)));
		return new ClassicBpf(List.copyOf(program));
	}

	/**
	 * A program for a {@code SO_REUSEPORT} group that picks one of some sockets by the
	 * client's IPv4 or IPv6 address. Every socket has its own hash of the address, and
	 * the highest wins: so when a socket is no longer among them only its clients move,
	 * and when it is again they come back.
	 * @param indexes the indexes of the sockets in the group, at least one
	 * @return the program
	 */
	public static ClassicBpf bySource(List<Integer> indexes) {
		List<Instruction> program = new ArrayList<>();
		loadSource(program);
		mix(program);
		program.add(new Instruction(BPF_ST, HASH));
		// X holds the highest hash so far
		for (int i = 0; i < indexes.size(); i++) {
			int index = indexes.get(i);
			program.add(new Instruction(BPF_LD_MEM, HASH));
			program.add(new Instruction(BPF_ALU_XOR_K, mixed(2 * index + 1)));
			program.add(new Instruction(BPF_ALU_MUL_K, mixed(2 * index + 2) | 1));
			if (i > 0) {
				program.add(new Instruction(BPF_JMP_JGT_X, 0, 3, 0));
			}
			program.add(new Instruction(BPF_MISC_TAX, 0));
			program.add(new Instruction(BPF_LD_IMM, index));
			program.add(new Instruction(BPF_ST, CHOICE));
		}
		program.add(new Instruction(BPF_LD_MEM, CHOICE));
		program.add(new Instruction(BPF_RET_A, 0));
		return new ClassicBpf(List.copyOf(program));
	}

	/*
	 * The family of the packet decides and not that of the socket: a dual-stack one gets
	 * both.
	 */
	private static void loadSource(List<Instruction> program) {
		List<Instruction> ipv6 = new ArrayList<>();
		ipv6.add(new Instruction(BPF_LD_W_ABS, SKF_NET_OFF + IPV6_SOURCE_OFFSET));
		for (int word = 1; word < 4; word++) {
			ipv6.add(new Instruction(BPF_ALU_MUL_K, MULTIPLIER));
			ipv6.add(new Instruction(BPF_MISC_TAX, 0));
			ipv6.add(new Instruction(BPF_LD_W_ABS, SKF_NET_OFF + IPV6_SOURCE_OFFSET + Integer.BYTES * word));
			ipv6.add(new Instruction(BPF_ALU_XOR_X, 0));
		}
		ipv6.add(new Instruction(BPF_JMP_JA, 1));
		program.add(new Instruction(BPF_LD_B_ABS, SKF_NET_OFF));
		program.add(new Instruction(BPF_ALU_AND_K, IP_VERSION_MASK));
		program.add(new Instruction(BPF_JMP_JEQ_K, 0, ipv6.size(), IPV6_VERSION));
		program.addAll(ipv6);
		program.add(new Instruction(BPF_LD_W_ABS, SKF_NET_OFF + IPV4_SOURCE_OFFSET));
	}

	/*
	 * Let every bit of A depend on every other, as mixed() does.
	 */
	private static void mix(List<Instruction> program) {
		xorWithShifted(16, program);
		program.add(new Instruction(BPF_ALU_MUL_K, MIX_1));
		xorWithShifted(13, program);
		program.add(new Instruction(BPF_ALU_MUL_K, MIX_2));
		xorWithShifted(16, program);
	}

	private static void xorWithShifted(int bits, List<Instruction> program) {
		program.add(new Instruction(BPF_MISC_TAX, 0));
		program.add(new Instruction(BPF_ALU_RSH_K, bits));
		program.add(new Instruction(BPF_ALU_XOR_X, 0));
	}

	private static int mixed(int number) {
		int mixed = (number ^ (number >>> 16)) * MIX_1;
		mixed = (mixed ^ (mixed >>> 13)) * MIX_2;
		return mixed ^ (mixed >>> 16);
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

		Instruction(int code, int k) {
			this(code, 0, 0, k);
		}

	}

}
