package dev.shakedown.run;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shakedown.load.LoadPlan;
import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import dev.shakedown.net.Target.NotAuthorizedException;
import dev.shakedown.tls.wire.ProtocolVersion;
import org.junit.jupiter.api.Test;

/** A program that uses the library can load nothing that it may not. */
class GuardTest {
    @Test
    void nothingIsSentToWhomNobodyAuthorized() {
        assertThrows(NotAuthorizedException.class, () -> {
            var target = Target.of("192.0.2.1", 443, Authorization.NONE);
            new Run(RunPlan.of(LoadPlan.of(target, DefaultClient.of(target, ProtocolVersion.TLS_1_3)).build())).run();
        });
        assertThrows(NotAuthorizedException.class,
                () -> Target.of("192.0.2.1", 443, Authorization.of("192.0.2.2", "198.51.100.0/24")));
    }
}
