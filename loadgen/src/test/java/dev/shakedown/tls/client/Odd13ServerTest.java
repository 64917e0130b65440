package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.honest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.tls.client.ClientHandshake.Progress;
import dev.shakedown.tls.client.Scene13.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers of TLS 1.3 that keep the rules, some in a strange way; that send alerts; that go away. */
class Odd13ServerTest {
    @ParameterizedTest
    @EnumSource
    void anHonestHandshakeIsDone(Kind kind) {
        var scene = new Scene13(kind).play(honest()).assertDone();
        var due = new ArrayList<>(List.of(Progress.HELLO_SENT));
        if (kind.retries()) {
            due.add(Progress.HELLO_RETRY_REQUEST);
        }
        due.addAll(List.of(Progress.SERVER_HELLO, Progress.SERVER_FLIGHT_DONE, Progress.FINISHED, Progress.TICKET));
        assertEquals(due, scene.progress);
        assertEquals(1, scene.gained.size());
        scene.assertUsable();
    }
}
