package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ServerHello;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose public value the client does not check before the two sides have derived different keys. */
class KeysDifferTest {
    private static final String POINT = "the server's public value is not on the curve of secp256r1";

    /** A server that reads only the ClientHello: it does not have the keys for the rest. */
    private static final class Deaf<S extends ScriptedPeer<?>> implements Output {
        final ClientHandshake client;
        final S server;

        Deaf(ClientSettings settings, BiFunction<ClientSettings, Consumer<ByteBuf>, S> server) {
            client = new ClientHandshake(new ClientMemory(settings, SessionMemory.UNLIMITED), null, this);
            this.server = server.apply(settings, bytes -> client.receive(bytes, Tls13Exchange.NOW));
            client.start(Tls13Exchange.NOW);
        }

        @Override
        public void send(ByteBuf flight, Progress reached) {
            if (reached == Progress.HELLO_SENT) {
                server.take(flight);
            }
        }

        @Override
        public void reached(Progress progress) {
            // ignored
        }

        @Override
        public void gained(Session session) {
            // there is none
        }

        HandshakeFailure failure() {
            return assertInstanceOf(Failed.class, client.state()).failure();
        }
    }

    /** Returns a point with a wrong y coordinate. */
    private static byte[] offTheCurve() {
        var point = KeyShare.basePoint(NamedGroup.SECP256R1).publicValue();
        point[point.length - 1] ^= 1;
        return point;
    }

    private static Deaf<ScriptedServer13> tls13(byte[] serverPublic) {
        var kind = Tls13Exchange.Kind.FULL;
        var exchange = new Deaf<>(ChangedSettings.groups(kind.settings(), NamedGroup.SECP256R1),
                (settings, toClient) -> new ScriptedServer13(kind, settings, null, Map.of(), toClient));
        var server = exchange.server;
        var hello = server.hello();
        server.hello(new ServerHello(hello.version(), hello.random(), hello.sessionId(), hello.cipherSuite(), 0,
                hello.extensions().stream().map(each -> each.type() == Extension.KEY_SHARE && serverPublic != null
                        ? ScriptedServer13.share(NamedGroup.SECP256R1.id(), serverPublic)
                        : each).toList()));
        if (serverPublic == null) {
            server.writeUnder(server.clientTraffic());
        }
        server.honest(ScriptedServer13.Step.ENCRYPTED_EXTENSIONS);
        return exchange;
    }

    @Test
    void aPointOffTheCurveIsFoundWhereTheKeysDiffer() {
        var failure = tls13(offTheCurve()).failure();
        assertEquals(Stage.ENCRYPTED_EXTENSIONS, failure.stage());
        assertEquals("illegal_parameter", failure.cause());
        assertEquals(POINT + ", so that the two sides derived different keys", failure.meaning());
    }

    @Test
    void aValidPointIsNotToBlame() {
        var failure = tls13(null).failure();
        assertEquals("bad_record_mac", failure.cause());
        assertEquals("the server's first protected record does not authenticate: the two sides derived different keys,"
                + " although the server's public value is valid", failure.meaning());
    }

    private static Deaf<ScriptedServer> tls12() {
        var kind = Tls12Exchange.Kind.PLAIN;
        var exchange = new Deaf<>(kind.settings(), (_, toClient) -> new ScriptedServer(kind, toClient));
        exchange.server.honest(ScriptedServer.Step.SERVER_HELLO);
        exchange.server.honest(ScriptedServer.Step.CERTIFICATE);
        exchange.server.send(exchange.server.signed(TestIdentity.RSA, NamedGroup.SECP256R1, offTheCurve()));
        exchange.server.honest(ScriptedServer.Step.SERVER_HELLO_DONE);
        return exchange;
    }

    /** Up to TLS 1.2 the server is the first to notice. */
    @ParameterizedTest
    @ValueSource(strings = {"BAD_RECORD_MAC", "DECRYPT_ERROR", "DECRYPTION_FAILED"})
    void theServersAlertIsExplained(AlertDescription alert) {
        var exchange = tls12();
        exchange.server.alert(2, alert);
        assertEquals(Stage.CHANGE_CIPHER_SPEC, exchange.failure().stage());
        assertEquals(alert.label(), exchange.failure().cause());
        assertTrue(exchange.failure().meaning().endsWith("the two sides derived different keys, because " + POINT),
                exchange.failure().meaning());
    }

    @Test
    void aServerThatDoesNotSeeItIsFoundOut() {
        var exchange = tls12();
        exchange.server.record(ContentType.CHANGE_CIPHER_SPEC, 1);
        exchange.server.record(ContentType.HANDSHAKE, new byte[40]);
        assertEquals(Stage.SERVER_FINISHED, exchange.failure().stage());
        assertEquals("illegal_parameter", exchange.failure().cause());
        assertTrue(exchange.failure().meaning().startsWith(POINT), exchange.failure().meaning());
    }

    @Test
    void aSessionWithAnotherSecretIsSuspected() {
        var exchange = new Tls12Exchange(Tls12Exchange.Kind.BY_ID);
        exchange.server.oldMaster = new MasterSecret(Tls12Exchange.filled(48, 1));
        exchange.exchange(Script.honest()).assertEndedByClient(Stage.SERVER_FINISHED, AlertDescription.BAD_RECORD_MAC);
        assertTrue(
                exchange.failure().meaning().endsWith("and the server may have another secret for the session that it"
                        + " resumed"),
                exchange.failure().meaning());
    }

    /** RFC 7748, 5: the highest bit of a public value is ignored. */
    @ParameterizedTest
    @CsvSource({"BASE_POINT", "FRESH"})
    void theHighestBitOfX25519IsMasked(ClientSettings.KeyShareMode mode) {
        var kind = Tls12Exchange.Kind.ECDHE_RSA;
        var old = new Tls12Exchange(kind, new ClientMemory(ChangedSettings.with(kind.settings(), mode), 1), null);
        old.exchange(Script.instead(ScriptedServer.Step.SERVER_KEY_EXCHANGE, server -> server.send(
                server.signed(TestIdentity.RSA, NamedGroup.X25519, withHighestBit(server.onCurve().point())))));
        Ended.assertDone(false, old.client.state());

        var kind13 = Tls13Exchange.Kind.FULL;
        var exchange = new Tls13Exchange(kind13, ChangedSettings.with(kind13.settings(), mode), null);
        exchange.exchange(ScriptedServer13.hello(hello -> new ServerHello(hello.version(), hello.random(),
                hello.sessionId(),
                hello.cipherSuite(), 0, hello.extensions().stream().map(each -> each.type() == Extension.KEY_SHARE
                        ? new Extension(Extension.KEY_SHARE, withHighestBit(each.data()))
                        : each).toList())))
                .assertDone();
    }

    private static byte[] withHighestBit(byte[] value) {
        var changed = value.clone();
        changed[changed.length - 1] |= (byte) 0x80;
        return changed;
    }
}
