package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A full handshake with a recorded server: a client that draws the same random bytes each time completes the handshake
 * with the server's recorded bytes. It warms up a client before a single handshake is measured, so that class loading
 * does not count towards its cost.
 */
public enum ReplayedHandshake {
    TLS_1_3(ProtocolVersion.TLS_1_3, CipherSuite.TLS_AES_128_GCM_SHA256, "rehearsal-tls13.txt"), //
    TLS_1_2(ProtocolVersion.TLS_1_2, CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "rehearsal-tls12.txt");

    private final ProtocolVersion version;
    private final CipherSuite suite;
    private final String file;

    ReplayedHandshake(ProtocolVersion version, CipherSuite suite, String file) {
        this.version = version;
        this.suite = suite;
        this.file = file;
    }

    public ProtocolVersion version() {
        return version;
    }

    /** Returns a client whose first handshake draws the same random bytes as when the server was recorded. */
    public ClientMemory client() {
        return client(version, suite, true);
    }

    /** Returns a client that draws all random bytes from fixed seeds. */
    static ClientMemory client(ProtocolVersion version, CipherSuite suite, boolean tickets) {
        var settings = new ClientSettings(List.of(version), List.of(suite),
                List.of(NamedGroup.X25519, NamedGroup.SECP256R1), "localhost",
                List.of(), tickets, PskMode.DHE_KE, KeyShareMode.BASE_POINT, PremasterMode.REUSED, VerifyMode.NONE,
                null, null);
        return new ClientMemory(settings, SessionMemory.UNLIMITED, new HelloOffer(settings),
                new Primitives(new Random(1)), new Repeating());
    }

    /** Returns all that the server sent, in a new array. */
    public byte[] received() {
        try (var in = ReplayedHandshake.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the jar");
            }
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> line.startsWith("<")).map(line -> line.substring(2))
                    .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source of random numbers with a fixed seed, and so not secure at all. */
    private static final class Repeating extends SecureRandom {
        private final Random random = new Random(2);

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
