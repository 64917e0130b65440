package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PremasterMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.Offered.OfTls13;
import dev.shakedown.tls.client.Offered.Resumption;
import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.Rfc8448;
import dev.shakedown.tls.crypto.Rfc8448.Value;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The client in the traces of RFC 8448: it is given their ClientHellos, keys and random choices and what the server
 * sent, and must send what the trace's client sent, byte for byte.
 */
class Rfc8448ReplayTest {
    private static final byte[] CHANGE_CIPHER_SPEC = {20, 3, 3, 0, 1, 1};
    private static final long NOW = 1_000_000_000;

    @ParameterizedTest
    @CsvSource({"simple-1-rtt, X25519", "hello-retry-request, SECP256R1", "client-authentication, X25519",
        "compatibility-mode, X25519"})
    void aFullHandshake(String name, NamedGroup group) throws Fault {
        for (var mostBytes : List.of(Integer.MAX_VALUE, 1)) {
            var replay = new Replay(Rfc8448.read(name), null);
            replay.exchange(mostBytes);
            Ended.assertDone(false, replay.client.state());
            assertEquals(CipherSuite.TLS_AES_128_GCM_SHA256, replay.client.suite());
            assertEquals(group, replay.client.group());
            assertEquals(name.equals("hello-retry-request"), replay.reached.contains(Progress.HELLO_RETRY_REQUEST));
            assertEquals(name.equals("simple-1-rtt"), replay.reached.contains(Progress.TICKET));
            assertEquals(EarlyData.NOT_OFFERED, replay.client.earlyData());
            assertTrue(replay.client.closedByServer());
        }
    }

    /** The ticket of the first trace is what the second one resumes with. */
    @Test
    void aResumedHandshakeWithEarlyData() throws Fault {
        for (var mostBytes : List.of(Integer.MAX_VALUE, 1)) {
            var first = new Replay(Rfc8448.read("simple-1-rtt"), null);
            first.exchange(Integer.MAX_VALUE);
            assertEquals(NOW + 30_000_000_000L, first.gained.expiresNanos());
            assertEquals(1024, first.gained.maxEarlyData());

            var replay = new Replay(Rfc8448.read("resumed-0-rtt"), first.gained);
            replay.exchange(mostBytes);
            Ended.assertDone(true, replay.client.state());
            assertEquals(NamedGroup.X25519, replay.client.group());
            assertEquals(EarlyData.ACCEPTED, replay.client.earlyData());
            assertNull(replay.gained);
        }
    }

    /** If any bit from the server differs, the client never completes as the trace's client does. */
    @ParameterizedTest
    @CsvSource({"simple-1-rtt", "hello-retry-request", "client-authentication", "compatibility-mode"})
    void aBitThatIsNotTheTraces(String name) throws Fault {
        var trace = Rfc8448.read(name);
        var records = trace.values().stream().filter(value -> isRecord(value) && value.who().equals("server")
                && value.step().equals("send handshake record")).toList();
        var flight = records.get(name.equals("hello-retry-request") ? 2 : 1).bytes();
        for (var at = 5; at < flight.length; at += 7) {
            flight[at] ^= 0x10;
            var replay = new Replay(trace, null);
            replay.feed(Integer.MAX_VALUE);
            assertInstanceOf(Failed.class, replay.client.state());
            assertEquals("bad_record_mac", ((Failed) replay.client.state()).failure().cause());
            flight[at] ^= 0x10;
        }
    }

    private static boolean isRecord(Value value) {
        return value.field().equals("complete record");
    }

    /** One trace, with this client in the place of its client. */
    private static final class Replay implements Output {
        private final Rfc8448 trace;
        private final Set<Progress> reached = EnumSet.noneOf(Progress.class);
        private final ByteBuf sent = Unpooled.buffer();
        private final Session.Tls13 session;
        private final ClientHandshake client;
        private Session.Tls13 gained;

        Replay(Rfc8448 trace, Session.Tls13 session) throws Fault {
            this.trace = trace;
            this.session = session;
            var settings = new ClientSettings(List.of(ProtocolVersion.TLS_1_3),
                    List.of(CipherSuite.TLS_AES_128_GCM_SHA256), List.of(NamedGroup.X25519, NamedGroup.SECP256R1),
                    "server", List.of(), true, PskMode.DHE_KE, KeyShareMode.BASE_POINT, PremasterMode.REUSED,
                    VerifyMode.ALWAYS, new TrustsThis(messages("server", "Certificate")), identity());
            client = new ClientHandshake(new ClientMemory(settings, SessionMemory.UNLIMITED,
                    new TracedHellos(settings, trace, messages("client", "ClientHello")), new Primitives(),
                    new SecureRandom()), session, this);
        }

        /** Plays the trace to its end, and compares what the client sent. */
        void exchange(int mostBytes) throws Fault {
            feed(mostBytes);
            assertInstanceOf(Done.class, client.state(), client.state()::toString);
            var expected = Unpooled.buffer();
            trace.values().stream().filter(value -> isRecord(value) && value.who().equals("client"))
                    .forEach(value -> expected.writeBytes(value.bytes()));
            assertEquals(hex(expected), withoutChange(hex(sent)));
        }

        /** Gives the client all that the trace's client was given, the server's records in pieces. */
        void feed(int mostBytes) {
            var values = trace.values();
            if (session == null) {
                client.start(NOW);
            }
            var hellos = 0;
            for (var value : values) {
                if (value.who().equals("server") && isRecord(value)) {
                    for (var in = Unpooled.wrappedBuffer(value.bytes()); in.isReadable();) {
                        client.receive(in.readSlice(Math.min(mostBytes, in.readableBytes())), NOW);
                    }
                } else if (value.who().equals("client") && value.field().equals("payload")) {
                    switch (value.step()) {
                        case "send application_data record" -> {
                            if (session != null && hellos++ == 0) {
                                client.start(NOW, value.bytes());
                            } else if (client.state() instanceof Done) {
                                client.send(value.bytes());
                            }
                        }
                        case "send alert record" -> client.closeNotify();
                        default -> {
                            // the client does it by itself
                        }
                    }
                }
            }
        }

        /** Removes the ChangeCipherSpec that this client always sends, as it asks for compatibility mode. */
        private String withoutChange(String records) {
            var change = HexFormat.of().formatHex(CHANGE_CIPHER_SPEC);
            return trace.values().stream().anyMatch(value -> value.step().equals("send change_cipher_spec record"))
                    ? records
                    : records.replaceFirst(change, "");
        }

        private ClientIdentity identity() throws Fault {
            var certificate = messages("client", "Certificate");
            if (certificate.isEmpty()) {
                return null;
            }
            var proof = (CertificateVerify) decoded(messages("client", "CertificateVerify").getFirst());
            return Rfc8448.identity(((Tls13Message.Certificate) decoded(certificate.getFirst())).chain().getFirst(),
                    SignatureScheme.RSA_PSS_RSAE_SHA256, proof.signature());
        }

        private List<byte[]> messages(String who, String field) {
            return trace.messages().stream().filter(value -> value.who().equals(who) && value.field().equals(field))
                    .map(Value::bytes).toList();
        }

        @Override
        public void send(ByteBuf flight, Progress progress) {
            sent.writeBytes(flight, flight.readerIndex(), flight.readableBytes());
        }

        @Override
        public void reached(Progress progress) {
            reached.add(progress);
        }

        @Override
        public void gained(Session newSession) {
            gained = (Session.Tls13) newSession;
        }
    }

    /** The trace's ClientHellos, with extensions in another order, some of them unknown to this client. */
    private static final class TracedHellos extends HelloOffer {
        private final Rfc8448 trace;
        private final List<byte[]> hellos;

        TracedHellos(ClientSettings settings, Rfc8448 trace, List<byte[]> hellos) {
            super(settings);
            this.trace = trace;
            this.hellos = hellos;
        }

        @Override
        Offered first(Optional<KeyShare> share, Resumption resumption, int earlyData, Primitives primitives,
                long nowNanos) {
            var encoded = hellos.getFirst().clone();
            if (!(resumption instanceof OfTls13(var session, _))) {
                return offered(hello(encoded), NamedGroup.X25519, resumption, EarlyData.NOT_OFFERED);
            }
            assertTrue(HexFormat.of().formatHex(encoded).contains(HexFormat.of().formatHex(session.ticket())));
            // The client must compute the binder.
            for (var at = encoded.length - session.key().hash().length(); at < encoded.length; at++) {
                encoded[at] = 0;
            }
            return offered(hello(encoded), NamedGroup.X25519, resumption,
                    earlyData > 0 ? EarlyData.UNANSWERED : EarlyData.NOT_OFFERED);
        }

        @Override
        Offered again(Offered first, RetryRequest retry, Optional<KeyShare> share, long nowNanos) {
            assertEquals(Optional.of(NamedGroup.SECP256R1), retry.group());
            var again = hello(hellos.get(1));
            assertArrayEquals(retry.cookie().orElseThrow().data(), again.extensions().stream()
                    .filter(extension -> extension.type() == Extension.COOKIE).findFirst().orElseThrow().data());
            return offered(again, NamedGroup.SECP256R1, Resumption.NONE, EarlyData.NOT_OFFERED);
        }

        private Offered offered(ClientHello hello, NamedGroup group, Resumption resumption, EarlyData earlyData) {
            return new Offered(hello, Optional.of(trace.clientShare(group)), resumption, earlyData);
        }

        private static ClientHello hello(byte[] encoded) {
            try {
                return (ClientHello) HandshakeMessage.decode(ClientHello.TYPE, body(encoded), null);
            } catch (Fault e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Trusts the trace's certificate, which is long out of date, and no other. */
    private record TrustsThis(List<byte[]> certificates) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            try {
                assertArrayEquals(((Tls13Message.Certificate) decoded(certificates.getFirst())).chain().getFirst(),
                        chain[0].getEncoded());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("there is no other client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static HandshakeMessage decoded(byte[] message) throws Fault {
        return Tls13Message.decode(message[0], body(message));
    }

    private static ByteBuf body(byte[] message) {
        return Unpooled.wrappedBuffer(message, HandshakeMessage.HEADER, message.length - HandshakeMessage.HEADER);
    }

    private static String hex(ByteBuf bytes) {
        return ByteBufUtil.hexDump(bytes);
    }
}
