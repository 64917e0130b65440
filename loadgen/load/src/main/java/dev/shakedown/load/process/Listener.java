package dev.shakedown.load.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The processes that listen at an address of this machine: one process and its descendants.
 *
 * @param pid     the process from which the others descend
 * @param name    its name (proc(5), {@code comm})
 * @param workers number of descendants that hold the socket as well
 */
public record Listener(long pid, String name, int workers) {
    private static final Path PROC = Path.of("/proc");
    /** TCP_LISTEN, as {@code /proc/net/tcp} writes it. */
    private static final String LISTENING = "0A";
    private static final int IPV4 = 4;

    /**
     * Finds the listener among the processes that this one may inspect. Empty also if unrelated processes hold the same
     * socket, or sockets of their own with the same address (SO_REUSEPORT).
     *
     * @param address the server's address; it may be bound to that or to all addresses
     */
    public static Optional<Listener> at(InetSocketAddress address) {
        try {
            var sockets = sockets(address);
            return sockets.isEmpty() ? Optional.empty() : family(holders(sockets), ProcessEntry.all());
        } catch (IOException _) {
            return Optional.empty(); // not Linux
        }
    }

    /** Whether the process {@code other} is this one, or one of its ancestors or descendants. */
    public boolean isRelatedTo(long other) {
        try {
            var all = ProcessEntry.all();
            return descends(pid, other, all) || descends(other, pid, all);
        } catch (IOException _) {
            return true; // unknown
        }
    }

    /** Whether {@code pid} is the current process or one of its ancestors. */
    public static boolean isSelfOrAncestor(long pid) {
        try {
            return descends(ProcessHandle.current().pid(), pid, ProcessEntry.all());
        } catch (IOException _) {
            return false;
        }
    }

    /** Returns a description such as {@code nginx 31884 + 1 worker}. */
    @Override
    public String toString() {
        return name + " " + pid + (workers == 0 ? "" : " + " + workers + (workers == 1 ? " worker" : " workers"));
    }

    /** Returns the inodes of sockets that listen at this very address, or, if there are none, at all addresses. */
    private static Set<String> sockets(InetSocketAddress address) throws IOException {
        var own = new HashSet<String>();
        var any = new HashSet<String>();
        for (var table : List.of("tcp", "tcp6")) {
            var file = PROC.resolve("net").resolve(table);
            if (!Files.exists(file)) {
                continue;
            }
            for (var line : Files.readAllLines(file)) {
                var fields = line.strip().split(" +");
                if (fields.length < 10 || !fields[3].equals(LISTENING)) {
                    continue;
                }
                var local = fields[1].split(":");
                if (Integer.parseInt(local[1], 16) != address.getPort()) {
                    continue;
                }
                var bound = address(local[0]);
                if (bound.equals(address.getAddress())) {
                    own.add(fields[9]);
                } else if (bound.isAnyLocalAddress()
                        && (bound.getAddress().length > IPV4 || address.getAddress().getAddress().length == IPV4)) {
                    any.add(fields[9]);
                }
            }
        }
        return own.isEmpty() ? any : own;
    }

    /** Parses an address, in which the kernel writes each word of four bytes in native byte order. */
    private static InetAddress address(String hex) throws IOException {
        var bytes = HexFormat.of().parseHex(hex);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (var at = 0; at < bytes.length; at += IPV4) {
                swap(bytes, at, at + 3);
                swap(bytes, at + 1, at + 2);
            }
        }
        return InetAddress.getByAddress(bytes);
    }

    private static void swap(byte[] bytes, int one, int other) {
        var kept = bytes[one];
        bytes[one] = bytes[other];
        bytes[other] = kept;
    }

    private static List<Long> holders(Collection<String> inodes) throws IOException {
        var links = inodes.stream().map(inode -> "socket:[" + inode + "]").toList();
        var holders = new ArrayList<Long>();
        try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var process : processes) {
                if (holds(process.resolve("fd"), links)) {
                    holders.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return holders;
    }

    private static boolean holds(Path descriptors, Collection<String> links) {
        try (var entries = Files.newDirectoryStream(descriptors)) {
            for (var entry : entries) {
                if (links.contains(target(entry))) {
                    return true;
                }
            }
        } catch (IOException _) {
            // another user's, or ended
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }

    private static Optional<Listener> family(List<Long> holders, Map<Long, ProcessEntry> all) throws IOException {
        var first = holders.stream().filter(one -> holders.stream().allMatch(other -> descends(other, one, all)))
                .findFirst();
        return first.isEmpty()
                ? Optional.empty()
                : Optional.of(new Listener(first.get(), name(first.get()), holders.size() - 1));
    }

    private static String name(long pid) throws IOException {
        return Files.readString(PROC.resolve(Long.toString(pid)).resolve("comm")).strip();
    }

    private static boolean descends(long pid, long ancestor, Map<Long, ProcessEntry> all) {
        var seen = new HashMap<Long, Boolean>();
        for (var at = pid; all.containsKey(at) && seen.put(at, true) == null; at = all.get(at).parentPid()) {
            if (at == ancestor) {
                return true;
            }
        }
        return false;
    }
}
