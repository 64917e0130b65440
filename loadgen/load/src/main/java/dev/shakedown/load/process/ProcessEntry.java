package dev.shakedown.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of {@code /proc/PID/stat} for one process (proc(5)).
 *
 * @param id          the process
 * @param parentPid   its parent
 * @param running     whether its main thread is on a processor or waits for one
 * @param threads     number of its threads
 * @param minorFaults page faults without input, such as for its own pages after a fork
 * @param childFaults page faults of descendants that were waited for; each child adds some, as no process runs without
 * @param ticks       CPU time that it has used, in ticks
 * @param childTicks  CPU time of descendants that were waited for, in ticks
 */
record ProcessEntry(Id id, long parentPid, boolean running, long threads, long minorFaults, long childFaults,
        long ticks, long childTicks) {
    /** Length of a tick: USER_HZ is 100 for every program on Linux. */
    static final long NANOS_PER_TICK = 10_000_000;

    private static final Path PROC = Path.of("/proc");
    /** The bit of SIGCHLD in a signal mask, on all machines that JDK 25 supports. */
    private static final long SIGCHLD = 1L << 17 - 1;

    /**
     * The identity of a process. Numbers are reused, but not with the same start time, in ticks since the machine
     * booted.
     */
    record Id(long pid, long started) {}

    /** Returns all visible processes, by number. */
    static Map<Long, ProcessEntry> all() throws IOException {
        var all = new HashMap<Long, ProcessEntry>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                of(Long.parseLong(entry.getFileName().toString())).ifPresent(one -> all.put(one.id.pid, one));
            }
        }
        return all;
    }

    /** Returns the entry of a process; empty if it does not exist. */
    static Optional<ProcessEntry> of(long pid) {
        try {
            var text = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
            // The name in parentheses may hold anything; field 3 follows the last one.
            var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return Optional.of(new ProcessEntry(new Id(pid, number(fields, 22)), number(fields, 4),
                    fields[0].equals("R"), number(fields, 20), number(fields, 10),
                    number(fields, 11) + number(fields, 13), number(fields, 14) + number(fields, 15),
                    number(fields, 16) + number(fields, 17)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static long number(String[] fields, int number) {
        return Long.parseLong(fields[number - 3]);
    }

    /** Whether the process ignores the end of its children, whose CPU time the kernel then discards. */
    boolean ignoresChildren() {
        return ProcFile.line(PROC.resolve(Long.toString(id.pid)).resolve("status"), "SigIgn:")
                .map(mask -> (Long.parseUnsignedLong(mask, 16) & SIGCHLD) != 0).orElse(false);
    }

    /** Returns the number of processes and threads that this machine has started so far. */
    static long begun() {
        return ProcFile.line(PROC.resolve("stat"), "processes ").map(Long::parseLong).orElse(0L);
    }
}
