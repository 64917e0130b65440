package dev.shakedown.run;

import dev.shakedown.net.socket.Transport;
import dev.shakedown.results.RunResult;
import dev.shakedown.tls.crypto.CryptoProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The tool itself: its version, what it was built from, and what it can use on this machine. */
public final class Tool {
    /** The tool's name. */
    public static final String NAME = "shakedown";

    private static final Properties BUILD = build();

    private Tool() {}

    /** The version, such as {@code 0.1.0}. */
    public static String version() {
        return BUILD.getProperty("version");
    }

    /** Returns when the commit was made that the tool was built from, ISO 8601 in UTC; empty where that is unknown. */
    public static Optional<String> built() {
        return Optional.ofNullable(known("committed"));
    }

    /** Returns the description for {@code run.json}. The first call loads native libraries to see which work. */
    public static RunResult.Tool described() {
        return Description.OF_THIS_PROCESS;
    }

    /** Made once, when it is first asked for: a search describes the tool in each of its runs. */
    private static final class Description {
        static final RunResult.Tool OF_THIS_PROCESS = new RunResult.Tool(NAME, version(), commit(), known("committed"),
                System.getProperty("java.vm.name") + " " + Runtime.version(), known("netty"),
                Arrays.stream(Transport.values()).filter(Transport::isAvailable).map(Transport::label).toList(),
                providers());
    }

    /** Returns the commit that the tool was built from, followed by a {@code +} if the sources had changed since. */
    private static @Nullable String commit() {
        var commit = known("commit");
        return commit == null || !"true".equals(known("changed")) ? commit : commit + "+";
    }

    private static List<String> providers() {
        return Arrays.stream(CryptoProvider.values()).filter(each -> each.unavailability() == null)
                .map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    }

    /** Returns {@code null} for what the build could not know, as sources without their repository do not say. */
    private static @Nullable String known(String name) {
        var value = BUILD.getProperty(name, "");
        return value.isEmpty() ? null : value;
    }

    private static Properties build() {
        try (var in = Tool.class.getResourceAsStream("build.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
