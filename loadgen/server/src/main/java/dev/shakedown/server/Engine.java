package dev.shakedown.server;

import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The TLS implementation behind the embedded target. */
public enum Engine {
    /** BoringSSL, a native library. */
    BORINGSSL(SslProvider.OPENSSL) {
        @Override
        public @Nullable Throwable unavailability() {
            return OpenSsl.unavailabilityCause();
        }
    },
    /** The JDK's own. */
    JDK(SslProvider.JDK) {
        @Override
        public @Nullable Throwable unavailability() {
            return null;
        }
    };

    static {
        allowRsaKeyExchange();
    }

    private final SslProvider provider;

    Engine(SslProvider provider) {
        this.provider = provider;
    }

    /** Why this engine cannot be used here; {@code null} when it can. */
    public abstract @Nullable Throwable unavailability();

    SslProvider provider() {
        return provider;
    }

    /** What it does, the newest first. */
    public List<ProtocolVersion> versions() {
        return SslProvider.isTlsv13Supported(provider)
                ? List.of(ProtocolVersion.TLS_1_3, ProtocolVersion.TLS_1_2)
                : List.of(ProtocolVersion.TLS_1_2);
    }

    /** Whether its session cache serves TLS 1.3 too; BoringSSL resumes that by tickets only. */
    public boolean cachesTls13() {
        return this == JDK;
    }

    /** The name in options and results. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The first that can be used here; the JDK's always can. */
    public static Engine best() {
        return BORINGSSL.unavailability() == null ? BORINGSSL : JDK;
    }

    /**
     * Lets the JDK offer RSA key exchange, which it disables, since clients are measured with it here. The JDK reads
     * the property when its TLS classes are first used, so this must come before.
     */
    private static void allowRsaKeyExchange() {
        var property = "jdk.tls.disabledAlgorithms";
        Security.setProperty(property, Arrays.stream(Security.getProperty(property).split(","))
                .filter(algorithm -> !algorithm.strip().equals("TLS_RSA_*")).collect(Collectors.joining(",")));
    }
}
