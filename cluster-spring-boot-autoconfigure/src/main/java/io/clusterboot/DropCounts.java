package io.clusterboot;

/**
 * What the kernel has counted, since it was booted and for all ports of the network
 * namespace, of connections that it did not take in: {@code TcpExt} in
 * {@code /proc/net/netstat}.
 *
 * @param listenDrops connections dropped at a listening socket for any reason
 * ({@code ListenDrops})
 * @param listenOverflows of those, the ones that found the queue full
 * ({@code ListenOverflows})
 * @param requestQueueFull connection requests dropped because too many were half open
 * ({@code TCPReqQFullDrop})
 */
public record DropCounts(long listenDrops, long listenOverflows, long requestQueueFull) {

}
