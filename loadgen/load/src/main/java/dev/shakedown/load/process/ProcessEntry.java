package dev.shakedown.load.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} tells of a process (proc(5)).
 *
 * @param id          which one it is
 * @param parentPid   whose child it is
 * @param running     whether its first thread is on a processor, or waits for one
 * @param threads     how many it has
 * @param minorFaults pages that it was given without reading them from anywhere, such as its own after a fork
 * @param childFaults pages of its children, and theirs, that it has waited for: more of them with each child, as no
 *                    process runs without
 * @param ticks       CPU time that it has used
 * @param childTicks  the same of children that it has waited for, and theirs
 */
record ProcessEntry(Id id, long parentPid, boolean running, long threads, long minorFaults, long childFaults,
        long ticks, long childTicks) {
    /** Of {@code ticks}: USER_HZ, which Linux shows as 100 to every program. */
    static final long NANOS_PER_TICK = 10_000_000;

    private static final Path PROC = Path.of("/proc");
    /** The bit of SIGCHLD among a process's signals, on all machines that a JDK 25 is made for. */
    private static final long SIGCHLD = 1L << 17 - 1;

    /** A process: numbers come again, but not with the same beginning, which is in ticks since the machine's own. */
    record Id(long pid, long started) {}

    /** All processes that can be seen, by number. */
    static Map<Long, ProcessEntry> all() throws IOException {
        var all = new HashMap<Long, ProcessEntry>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                of(Long.parseLong(entry.getFileName().toString())).ifPresent(one -> all.put(one.id.pid, one));
            }
        }
        return all;
    }

    /** Nothing once there is no such process. */
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

    /** Whether the process ignores the end of its children, which the kernel then forgets with all that they used. */
    boolean ignoresChildren() {
        return ProcFile.line(PROC.resolve(Long.toString(id.pid)).resolve("status"), "SigIgn:")
                .map(mask -> (Long.parseUnsignedLong(mask, 16) & SIGCHLD) != 0).orElse(false);
    }

    /** Processes and threads that this machine has begun so far, whosever they are. */
    static long begun() {
        return ProcFile.line(PROC.resolve("stat"), "processes ").map(Long::parseLong).orElse(0L);
    }
}
