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

/** The TLS implementation of the embedded server. */
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

    /** Returns why this engine cannot be used here; {@code null} if it can. */
    public abstract @Nullable Throwable unavailability();

    SslProvider provider() {
        return provider;
    }

    /** Returns the versions that it supports, the newest first. */
    public List<ProtocolVersion> versions() {
        return SslProvider.isTlsv13Supported(provider)
                ? List.of(ProtocolVersion.TLS_1_3, ProtocolVersion.TLS_1_2)
                : List.of(ProtocolVersion.TLS_1_2);
    }

    /** Whether its session cache also serves TLS 1.3, which BoringSSL resumes by ticket only. */
    public boolean cachesTls13() {
        return this == JDK;
    }

    /** Returns the name used in options and results. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the first engine that can be used here; the JDK's always can. */
    public static Engine best() {
        return BORINGSSL.unavailability() == null ? BORINGSSL : JDK;
    }

    /**
     * Enables RSA key exchange in the JDK, where it is disabled by default, since clients are measured with it here.
     * The JDK reads the property when its TLS classes are first used, so this must run before that.
     */
    private static void allowRsaKeyExchange() {
        var property = "jdk.tls.disabledAlgorithms";
        Security.setProperty(property, Arrays.stream(Security.getProperty(property).split(","))
                .filter(algorithm -> !algorithm.strip().equals("TLS_RSA_*")).collect(Collectors.joining(",")));
    }
}
