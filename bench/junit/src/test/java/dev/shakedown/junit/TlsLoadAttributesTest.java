package dev.shakedown.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
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
                Map.entry("rate", "Wrong.rate: rate: '-1.0' is no rate; write a number from 0.001 to 10000000 a second,"
                        + " such as 500, 2.5k or 1,000"),
                Map.entry("noNumber", "Wrong.noNumber: rate: NaN is no rate; write a number from 0.001 to 10000000 a"
                        + " second"),
                Map.entry("connections", "Wrong.connections: connections: -1 is too small; write at least 1"),
                Map.entry("objective", "Wrong.objective: objective: 'p98<1s' is no objective; write such as p99<20ms,"
                        + " p99.9<1s, max<50ms or failures<0.1%, with commas between several"),
                Map.entry("duration", "Wrong.duration: duration: '10' is no duration; write such as 500ms, 30s, 1m30s"
                        + " or 2h; did you mean 10s?"),
                Map.entry("noTime", "Wrong.noTime: duration: '0' is too short; write such as 10s"),
                Map.entry("warmup", "Wrong.warmup: warmup: 'soon' is no duration; write such as 500ms, 30s, 1m30s or"
                        + " 2h"),
                Map.entry("resumed", "Wrong.resumed: resumed: 80.0 is no share; write a number from 0 to 1"),
                Map.entry("tls", "Wrong.tls: tls: '3' is no version that is known here; write ssl3, 1.0, 1.1, 1.2 or"
                        + " 1.3, a range such as 1.2-1.3, or several with commas; did you mean 1.3?"),
                Map.entry("serverName", "Wrong.serverName: serverName: 'a b' is no host name in ASCII; write one such"
                        + " as www.example.org"),
                Map.entry("target", "Wrong.target: ':4433' is no server; write HOST, HOST:PORT with a port from 1 to"
                        + " 65535, or an https:// address, such as 127.0.0.1:8443 or [::1]:443; did you mean"
                        + " 127.0.0.1:4433?"),
                Map.entry("foreign", "Wrong.foreign: will not load 192.0.2.1 (192.0.2.1), which is not this machine; if"
                        + " you may, say so with authorizedTargets = \"192.0.2.1\""),
                Map.entry("authorization", "Wrong.authorization: '192.0.2.0/99' authorizes nothing; write a host, an"
                        + " address, or a network such as 192.0.2.0/24"),
                Map.entry("kind", "Unknown.kind: @TlsLoadTarget is a " + List.of().getClass().getName() + values),
                Map.entry("notStarted", "Late.notStarted: @TlsLoadTarget is null when the load begins" + values)),
                complaints(WrongLoads.Wrong.class));
        assertEquals(Map.of("noTarget", "Nowhere.noTarget: nothing says which server to load; give @TlsLoad a target,"
                + " or mark a field or a method with @TlsLoadTarget"), complaints(WrongLoads.Nowhere.class));
        assertEquals(List.of(), EngineRun.entries(directory));
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
