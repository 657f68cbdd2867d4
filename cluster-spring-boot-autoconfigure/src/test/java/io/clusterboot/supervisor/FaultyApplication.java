package io.clusterboot.supervisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a worker runs whose end is looked into.
 */
public final class FaultyApplication {

	private FaultyApplication() {
	}

	public static void main(String[] args) throws IOException {
		switch (args[0]) {
			case "wait" -> {
				System.out.println("slot " + System.getenv("CLUSTER_WORKER_SLOT"));
				System.in.read();
			}
			case "print" -> IntStream.rangeClosed(1, 300).forEach(System.out::println);
			case "hoard" -> {
				System.out.print("unfinished");
				List<Object> hoard = new ArrayList<>();
				while (true) {
					hoard.add(new long[100_000]);
				}
			}
			default -> throw new IllegalArgumentException(args[0]);
		}
	}

}
