package dev.shakedown.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shakedown.interop.PeerOptions.Suite;
import dev.shakedown.server.Engine;
import java.util.Arrays;
import java.util.List;

/** The servers that our client meets. */
enum ServerKind {
    OPENSSL, NGINX, HAPROXY, GNUTLS, TARGET_JDK, TARGET_BORINGSSL;

    Server start(PeerOptions options) {
        return switch (this) {
            case OPENSSL -> Program.OPENSSL.start(options);
            case NGINX -> Program.NGINX.start(options);
            case HAPROXY -> Program.HAPROXY.start(options);
            case GNUTLS -> Program.GNUTLS.start(options);
            case TARGET_JDK -> new EmbeddedServer(Engine.JDK, options);
            case TARGET_BORINGSSL -> {
                assumeTrue(Engine.BORINGSSL.unavailability() == null, "BoringSSL has no native library here");
                yield new EmbeddedServer(Engine.BORINGSSL, options);
            }
        };
    }

    boolean isEmbedded() {
        return this == TARGET_JDK || this == TARGET_BORINGSSL;
    }

    /** BoringSSL has no CBC with SHA-2. */
    boolean has(Suite suite) {
        return this != TARGET_BORINGSSL || !suite.cbc() || suite.name().endsWith("_SHA");
    }

    /** What it can identify itself with: the target takes no keys for EdDSA. */
    List<ServerCertificate> certificates() {
        return Arrays.stream(ServerCertificate.values())
                .filter(certificate -> !isEmbedded() || certificate != ServerCertificate.ED25519).toList();
    }

    /**
     * How connections must be closed for the server's counts to be exact; see {@link HaproxyPeer}, {@link GnutlsPeer}.
     */
    String close() {
        return this == HAPROXY || this == GNUTLS ? "notify" : "rst";
    }
}
