package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import java.util.Objects;
import java.util.Optional;

/** From what the premaster secret comes up to TLS 1.2, and who the server has shown itself to be. */
sealed interface PremasterSource {
    ServerIdentity server();

    KeyExchangeResult keyExchange();

    /** Writes the ClientKeyExchange, and tells the secret that goes with it. */
    PremasterSecret writeKeyExchange(Tls12Hellos hellos) throws Fault;

    /** What is settled by it and by the hellos. */
    default HandshakeParameters settled(Tls12Hellos hellos, CertificateUse use) {
        return hellos.settled(keyExchange(), Optional.of(server()), use);
    }

    /** From the client, encrypted to the key of the server's certificate. */
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

    /** From both sides; {@code publicValue} is the client's half. */
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
