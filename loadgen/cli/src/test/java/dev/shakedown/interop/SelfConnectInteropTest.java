package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.net.socket.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Where the system has but a few ports to choose from, and nobody listens at one of them, it soon connects that to
 * itself.
 */
@Tag("interop")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SelfConnectInteropTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(value = Transport.class, names = "KQUEUE", mode = EnumSource.Mode.EXCLUDE)
    void nobodyListensThere(Transport transport) throws Exception {
        var words = new ArrayList<>(List.of("sh", "-c", LanguageInteropTest.inNamespace(
                "echo 40000 40003 >/proc/sys/net/ipv4/ip_local_port_range;"),
                ProcessHandle.current().info().command().orElseThrow(), "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "dev.shakedown.cli.Main"));
        words.addAll(List.of("run", "127.0.0.1:40002", "--transport", transport.label(), "--count", "40",
                "--concurrency", "1", "--warmup", "0s", "--quiet", "--format", "json", "--out",
                directory.resolve("out").toString()));
        var process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var failures = new JsonMapper().readTree(process.getInputStream().readAllBytes()).get("failures");
        assertEquals(3, process.waitFor());
        assertEquals(1, failures.size(), failures::toString);
        assertEquals("connect connection_refused", failures.at("/0/stage").asText() + " "
                + failures.at("/0/cause").asText());
    }
}
