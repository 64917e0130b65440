package dev.shakedown.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.LoadPlan;
import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import dev.shakedown.net.Target.NotAuthorizedException;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A program that uses the library can load nothing that it may not. */
class GuardTest {
    /** What takes an address and connects to none: what listens, what is said of addresses, and the guard itself. */
    private static final Set<String> HARMLESS = Set.of(
            // whose addresses the PROXY protocol tells the server
            "Prelude.opening", "ProxyHeader.of",
            // the source, beside a Target
            "TcpSocket$Opener.open",
            "HostPort.text", "Target.loopback",
            // where to listen
            "MetricsEndpoint.<init>", "TlsServerOptions.<init>",
            // what has happened
            "Event$Connected.<init>");

    @Test
    void nothingIsSentToWhomNobodyAuthorized() {
        assertThrows(NotAuthorizedException.class, () -> {
            var target = Target.of("192.0.2.1", 443, Authorization.NONE);
            new Run(RunPlan.of(LoadPlan.of(target, UsualClient.of(target, ProtocolVersion.TLS_1_3)).build())).run();
        });
        assertThrows(NotAuthorizedException.class,
                () -> Target.of("192.0.2.1", 443, Authorization.of("192.0.2.2", "198.51.100.0/24")));
    }

    /** Whoever adds a method that takes an address says here why it connects to none. */
    @Test
    void nobodyTakesAnAddressToConnectTo() throws Exception {
        var taking = new TreeSet<String>();
        var seen = 0;
        for (var type : classes()) {
            if (isPublic(type)) {
                seen++;
                Stream.<Executable>concat(Arrays.stream(type.getDeclaredConstructors()),
                        Arrays.stream(type.getDeclaredMethods()))
                        .filter(each -> Modifier.isPublic(each.getModifiers())
                                && Arrays.stream(each.getParameterTypes())
                                        .anyMatch(GuardTest::isAddress))
                        .forEach(each -> taking.add(type.getName().replaceFirst(".*\\.", "") + "."
                                + (each instanceof Method ? each.getName() : "<init>")));
            }
        }
        assertTrue(seen > 100, "classes seen: " + seen);
        assertEquals(new TreeSet<>(HARMLESS), taking);
    }

    private static boolean isAddress(Class<?> type) {
        return SocketAddress.class.isAssignableFrom(type) || type == InetAddress.class;
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }

    /** All of the module that {@link Run} is in, and of those below it. */
    private static Set<Class<?>> classes() throws IOException, ReflectiveOperationException {
        var found = new HashSet<Class<?>>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var root = Path.of(entry).resolve("dev");
            if (Files.isDirectory(root) && !entry.contains("test-classes")) {
                try (var files = Files.walk(root)) {
                    for (var file : files.filter(each -> each.toString().endsWith(".class")
                            && !each.getFileName().toString().equals("package-info.class")).toList()) {
                        var name = Path.of(entry).relativize(file).toString().replace(File.separatorChar, '.');
                        found.add(Class.forName(name.substring(0, name.length() - ".class".length()), false,
                                GuardTest.class.getClassLoader()));
                    }
                }
            }
        }
        return found;
    }
}
