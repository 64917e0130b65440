package dev.shakedown.tls.crypto.old;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ProtocolVersion;

/** Maps versions to dialects. */
public final class Dialects {
    private static final Dialect SSL_3_0 = new Ssl3();
    private static final Dialect TLS_1_0 = new Tls10();
    private static final Dialect TLS_1_1 = new Tls11();

    private Dialects() {}

    /** @param version at most TLS 1.2, whose dialect depends on the suite */
    public static Dialect of(ProtocolVersion version, CipherSuite suite) {
        return switch (version) {
            case SSL_3_0 -> SSL_3_0;
            case TLS_1_0 -> TLS_1_0;
            case TLS_1_1 -> TLS_1_1;
            case TLS_1_2 -> Dialect.tls12(suite.prfHash());
            case TLS_1_3 -> throw new IllegalArgumentException(version.label());
        };
    }
}
