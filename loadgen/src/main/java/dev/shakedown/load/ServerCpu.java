package dev.shakedown.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** CPU time of a server's process and all it started, as Linux counts it in {@code /proc}. */
public final class ServerCpu {
    private static final Path PROC = Path.of("/proc");
    /** The unit of times in {@code /proc/PID/stat}: USER_HZ, which Linux shows as 100 to every program. */
    private static final double SECONDS_PER_TICK = 0.01;

    private record Process(long parent, long ticks) {}

    private ServerCpu() {}

    /** Whether {@code pid} can be watched here. */
    public static boolean canWatch(long pid) {
        return Files.isReadable(PROC.resolve(Long.toString(pid)).resolve("stat"));
    }

    /**
     * CPU seconds, user and system, that the process {@code pid}, its living descendants and their reaped children have
     * used since they began; resolution 10 ms. 0 once the process has gone.
     *
     * @throws IOException when {@code /proc} cannot be listed
     */
    public static double seconds(long pid) throws IOException {
        var processes = new HashMap<Long, Process>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                var process = read(entry.resolve("stat"));
                if (process != null) {
                    processes.put(Long.parseLong(entry.getFileName().toString()), process);
                }
            }
        }
        long ticks = 0;
        for (var candidate : processes.entrySet()) {
            if (descends(candidate.getKey(), pid, processes)) {
                ticks += candidate.getValue().ticks;
            }
        }
        return ticks * SECONDS_PER_TICK;
    }

    private static boolean descends(long pid, long ancestor, Map<Long, Process> processes) {
        for (var at = pid; at > 0; at = processes.get(at).parent) {
            if (at == ancestor) {
                return true;
            }
            if (!processes.containsKey(at)) {
                return false;
            }
        }
        return false;
    }

    /** {@code null} when the process has ended meanwhile. */
    private static Process read(Path stat) {
        try {
            var text = Files.readString(stat);
            // proc(5): the name in parentheses may hold anything; state, ppid, … follow the last one.
            var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (var field = 11; field <= 14; field++) { // utime stime cutime cstime
                ticks += Long.parseLong(fields[field]);
            }
            return new Process(Long.parseLong(fields[1]), ticks);
        } catch (IOException _) {
            return null;
        }
    }
}
