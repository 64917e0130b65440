package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bug in the client fails only one handshake, with a name and an alert. */
class UnforeseenTest {
    /** Joins client and server, and throws when something is reached. */
    private static final class Stumbling implements Output {
        final ClientHandshake client;
        final ScriptedServer server;
        private final Progress at;

        Stumbling(Tls12Exchange.Kind kind, Progress at) {
            this.at = at;
            client = new ClientHandshake(new ClientMemory(kind.settings(), SessionMemory.UNLIMITED), null, this);
            server = new ScriptedServer(kind, bytes -> client.receive(bytes, 5));
        }

        @Override
        public void send(ByteBuf flight, Progress reached) {
            server.take(flight);
        }

        @Override
        public void reached(Progress progress) {
            if (progress == at) {
                throw new IllegalStateException("java.io.IOException: no luck", new IOException("deep"));
            }
        }

        @Override
        public void gained(Session session) {
            // ignored
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_HELLO", "SERVER_FLIGHT_DONE"})
    void anExceptionIsAFailureOfTheHandshakeItHappensIn(Progress at) {
        var exchange = new Stumbling(Tls12Exchange.Kind.ECDHE_RSA, at);
        exchange.client.start(5);
        for (var step : List.of(Step.SERVER_HELLO, Step.CERTIFICATE, Step.SERVER_KEY_EXCHANGE,
                Step.SERVER_HELLO_DONE)) {
            if (!(exchange.client.state() instanceof Failed)) {
                exchange.server.honest(step);
            }
        }
        var failure = assertInstanceOf(Failed.class, exchange.client.state()).failure();
        assertEquals(at == Progress.SERVER_HELLO ? Stage.SERVER_HELLO : Stage.SERVER_HELLO_DONE, failure.stage());
        assertEquals("internal_error", failure.cause());
        assertTrue(failure.meaning().endsWith("(no luck)"), failure.meaning());
        assertEquals(List.of(new Alert(Alert.FATAL, AlertDescription.INTERNAL_ERROR.id())), exchange.server.alerts());
    }

    @Test
    void namesOfClassesAreNoWordsForPeople() {
        assertEquals("unable to find valid certification path to requested target",
                ExceptionText.reason(new IOException("PKIX path building failed: sun.security.provider.certpath."
                        + "SunCertPathBuilderException: unable to find valid certification path to requested target")));
        assertEquals("deep", ExceptionText.reason(new IOException("java.io.IOException", new IOException("deep"))));
        assertEquals("a.example.com has no Certificate: none",
                ExceptionText.reason(new IOException("a.example.com has no Certificate: none")));
        assertEquals("Java gives no reason", ExceptionText.reason(new IOException((String) null)));
    }
}
