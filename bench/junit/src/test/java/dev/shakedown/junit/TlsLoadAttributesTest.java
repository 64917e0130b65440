package dev.shakedown.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shakedown.experiment.Objective;
import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import dev.shakedown.run.value.Durations;
import dev.shakedown.run.value.Rate;
import dev.shakedown.run.value.Server;
import dev.shakedown.run.value.Versions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** An attribute that is wrong ends a test before anything is sent or written. */
class TlsLoadAttributesTest {
    @TempDir
    private Path directory;

    @Test
    void eachIsNamedWithWhatWouldBeRight() throws IOException {
        var values = "; write HOST:PORT, an InetSocketAddress, a port, a Target or a TlsServer";
        assertEquals(Map.ofEntries(
                Map.entry("noLoad", "Wrong.noLoad: give either a rate or connections, such as rate = 200"),
                Map.entry("twoLoads", "Wrong.twoLoads: give either a rate or connections, such as rate = 200"),
                Map.entry("rate", "Wrong.rate: rate: " + said(() -> Rate.parse("-1.0"))),
                Map.entry("noNumber", "Wrong.noNumber: rate: NaN is not a rate; write a number " + Rate.RANGE),
                Map.entry("connections", "Wrong.connections: connections: -1 is too small; write at least 1"),
                Map.entry("objective", "Wrong.objective: objective: " + said(() -> Objective.parse("p98<1s"))),
                Map.entry("duration", "Wrong.duration: duration: " + said(() -> Durations.parse("10"))),
                Map.entry("noTime", "Wrong.noTime: duration: '0' is too short; write such as 10s"),
                Map.entry("warmup", "Wrong.warmup: warmup: " + said(() -> Durations.parse("soon"))),
                Map.entry("resumed", "Wrong.resumed: resumed: 80.0 is not a share; write a number from 0 to 1"),
                Map.entry("tls", "Wrong.tls: tls: " + said(() -> Versions.parse("3"))),
                Map.entry("serverName", "Wrong.serverName: serverName: 'a b' is not a host name in ASCII; write one"
                        + " such as www.example.org"),
                Map.entry("target", "Wrong.target: " + said(() -> Server.parse(":4433"))),
                Map.entry("foreign", "Wrong.foreign: "
                        + said(() -> Target.of("192.0.2.1", 443, Authorization.NONE))
                        + "; if you may, say so with authorizedTargets = \"192.0.2.1\""),
                Map.entry("authorization", "Wrong.authorization: " + said(() -> Authorization.of("192.0.2.0/99"))),
                Map.entry("kind", "Unknown.kind: @TlsLoadTarget is a " + List.of().getClass().getName() + values),
                Map.entry("notStarted", "Late.notStarted: @TlsLoadTarget is null when the load begins" + values)),
                complaints(WrongLoads.Wrong.class));
        assertEquals(Map.of("noTarget", "Nowhere.noTarget: nothing says which server to load; give @TlsLoad a target,"
                + " or mark a field or a method with @TlsLoadTarget"), complaints(WrongLoads.Nowhere.class));
        assertEquals(List.of(), EngineRun.entries(directory));
    }

    /** What those say who read or refuse a value. */
    private static String said(Executable reader) {
        return assertThrows(IllegalArgumentException.class, reader).getMessage();
    }

    /** By test, without what all begin with. */
    private Map<String, String> complaints(Class<?> tests) {
        var run = EngineRun.of(tests, directory);
        assertEquals(List.of(), run.passed());
        return run.thrown().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                entry -> assertInstanceOf(ExtensionConfigurationException.class, entry.getValue()).getMessage()
                        .replaceFirst("^@TlsLoad for ", "")));
    }
}
