package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import java.util.Objects;
import java.util.Optional;

/** The source of the premaster secret up to TLS 1.2, and the server's identity. */
sealed interface PremasterSource {
    ServerIdentity server();

    KeyExchangeResult keyExchange();

    /** Writes the ClientKeyExchange, and returns the premaster secret that belongs to it. */
    PremasterSecret writeKeyExchange(Tls12Hellos hellos) throws Fault;

    /** Returns what is settled by this and by the hellos. */
    default HandshakeParameters settled(Tls12Hellos hellos, CertificateUse use) {
        return hellos.settled(keyExchange(), Optional.of(server()), use);
    }

    /** RSA key exchange: the client generates the secret and encrypts it to the key in the server's certificate. */
    record Certified(ServerIdentity server) implements PremasterSource {
        @Override
        public KeyExchangeResult keyExchange() {
            return KeyExchangeResult.WithoutGroup.ALL;
        }

        @Override
        public PremasterSecret writeKeyExchange(Tls12Hellos hellos) throws Fault {
            var end = hellos.end();
            var encrypted = server.premaster(end.settings().premaster(), hellos.sent().version(),
                    end.memory().secretRandom(), end.primitives());
            write(hellos, encrypted.bytes());
            return encrypted.premaster();
        }
    }

    /** (EC)DHE key exchange; {@code publicValue} is the client's. */
    record Ephemeral(ServerIdentity server, KeyExchangeResult keyExchange, byte[] publicValue, PremasterSecret secret)
            implements
                PremasterSource {
        @Override
        public PremasterSecret writeKeyExchange(Tls12Hellos hellos) {
            write(hellos, publicValue);
            return secret;
        }
    }

    private static void write(Tls12Hellos hellos, byte[] value) {
        var answer = hellos.answer();
        hellos.end().flight().write(
                new ClientKeyExchange(Objects.requireNonNull(answer.suite().keyExchange()), value, answer.version()));
    }
}
