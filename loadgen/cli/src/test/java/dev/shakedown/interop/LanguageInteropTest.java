package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.net.socket.CausesInAnyLanguage;
import dev.shakedown.net.socket.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong has the same name where the operating system speaks German. */
@Tag("interop")
@EnabledOnOs(OS.LINUX)
class LanguageInteropTest {
    private static final Executable LOCALEDEF = new Executable("localedef", "locales");
    private static final Executable UNSHARE = new Executable("unshare", "util-linux");
    private static final Executable IP = new Executable("ip", "iproute2");
    private static final String LANGUAGE = "de_DE.UTF-8";

    @TempDir
    private Path locales;

    /** The causes that were told in German. */
    private List<String> german(String prepare, String... arguments) throws IOException, InterruptedException {
        if (!Files.exists(Path.of("/usr/share/i18n/locales/de_DE"))) {
            LOCALEDEF.missing();
        }
        var made = new ProcessBuilder(LOCALEDEF.require(), "-i", "de_DE", "-f", "UTF-8",
                locales.resolve(LANGUAGE).toString()).redirectErrorStream(true).start();
        var said = new String(made.getInputStream().readAllBytes());
        assertEquals(0, made.waitFor(), said);
        var words = new ArrayList<>(List.of("sh", "-c", prepare + " exec \"$0\" \"$@\"",
                ProcessHandle.current().info().command().orElseThrow(), "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), CausesInAnyLanguage.class.getName()));
        words.addAll(List.of(arguments));
        var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", LANGUAGE);
        builder.environment().put("LOCPATH", locales.toString());
        var process = builder.start();
        var lines = new String(process.getInputStream().readAllBytes()).lines().toList();
        assertEquals(0, process.waitFor(), lines::toString);
        if (lines.contains("connection_refused|Connection refused")) {
            new Executable("the German texts of the C library", "locales").missing();
        }
        return lines;
    }

    private static List<String> causes(List<String> lines) {
        return lines.stream().map(line -> line.substring(0, line.indexOf('|'))).toList();
    }

    @Test
    void causesKeepTheirNames() throws Exception {
        var lines = german("");
        assertTrue(lines.getFirst().endsWith("abgelehnt"), lines::toString);
        assertEquals(CausesInAnyLanguage.EXPECTED, causes(lines));
    }

    @Test
    void theGeneratorsOwnWantsKeepTheirNames() throws Exception {
        var descriptors = german("ulimit -n 200;", "exhaust");
        assertEquals(List.of("descriptors"), causes(descriptors));
        assertFalse(descriptors.getFirst().contains("Too many open files"), descriptors::toString);
        var ports = german(inNamespace("echo 40000 40009 >/proc/sys/net/ipv4/ip_local_port_range;"), "exhaust");
        assertEquals(List.of("ports"), causes(ports));
        assertFalse(ports.getFirst().contains("Cannot assign"), ports::toString);
    }

    /**
     * No network at all, a host that a route calls unreachable, one that a route forbids, one that a route drops
     * silently, and one for which nobody answers, which shows after seconds only; on each transport alike.
     */
    @Test
    void whyTheTargetIsUnreachableIsSaid() throws Exception {
        var network = "unreachable|there is no route to the target's network";
        var host = "unreachable|the target's host cannot be reached: nothing answers for its address, or a firewall or"
                + " router on the way rejects packets";
        var forbidden = "not_permitted|this machine's rules forbid the connection";
        var dropped = "unreachable|a route of this machine drops packets to the target (blackhole)";
        var lines = german(inNamespace("ip route add unreachable 10.8.0.0/16; ip route add prohibit 10.7.0.0/16;"
                + " ip route add blackhole 10.5.0.0/16;"
                + " ip link add here type veth peer name there; ip address add 10.6.0.1/24 dev here;"
                + " ip link set there up; ip link set here up;"), "10.9.9.9", "10.8.8.8", "10.7.7.7", "10.5.5.5",
                "10.6.0.2");
        var transports = (int) Arrays.stream(Transport.values()).filter(Transport::isAvailable).count();
        assertEquals(Collections.nCopies(transports, List.of(network, host, forbidden, dropped, host)).stream()
                .flatMap(List::stream).toList(), lines);
    }

    /** Does what follows in a network namespace of its own, where nothing but loopback is up. */
    static String inNamespace(String prepare) throws IOException, InterruptedException {
        IP.require();
        var may = new ProcessBuilder(UNSHARE.require(), "-n", "true").redirectErrorStream(true).start();
        may.getInputStream().readAllBytes();
        if (may.waitFor() != 0) {
            new Executable("unshare -n (which needs root)", "util-linux").missing();
        }
        return "exec unshare -n sh -c 'ip link set lo up; " + prepare
                + " exec \"$0\" \"$@\"' \"$0\" \"$@\";";
    }
}
