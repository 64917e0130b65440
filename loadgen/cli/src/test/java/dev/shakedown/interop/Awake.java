package dev.shakedown.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps all processors awake, by processes that run only where nobody else wants to. A processor that sleeps takes its
 * time to wake, on a virtual machine longer than much of what is measured here.
 */
final class Awake implements AutoCloseable {
    private final List<Process> idlers = new ArrayList<>();

    Awake() throws IOException {
        for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            // Each ends with this process, however that ends.
            idlers.add(new ProcessBuilder("chrt", "--idle", "0", "sh", "-c", "while kill -0 $PPID 2>/dev/null; do "
                    + "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done").start());
        }
    }

    @Override
    public void close() {
        idlers.forEach(Process::destroyForcibly);
    }
}
