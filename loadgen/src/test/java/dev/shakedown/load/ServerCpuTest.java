package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ServerCpuTest {
    @Test
    void aProcessIsCountedWithItsChildrenWhetherTheyLiveOrNot() throws IOException, InterruptedException {
        // The shell only waits; one child ends and is reaped, the other lives on when it says so.
        var process = new ProcessBuilder("bash", "-c",
                "burn() { end=$(($(date +%s%N) + 400000000)); while [ $(date +%s%N) -lt $end ]; do :; done; };"
                        + " (burn); (burn; echo done; sleep 60) & read; kill $!")
                .start();
        try {
            process.inputReader().readLine();
            var seconds = ServerCpu.seconds(process.pid());
            // Both children burned 0.4 s of wall time, of which a busy machine may take a good part away.
            assertTrue(seconds > 0.1 && seconds < 1.5, "seconds " + seconds);
            assertTrue(ServerCpu.canWatch(process.pid()));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        assertEquals(0, ServerCpu.seconds(process.pid()));
        assertFalse(ServerCpu.canWatch(process.pid()));
    }
}
