package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.shakedown.fuzz.Bounds;
import dev.shakedown.fuzz.Seeds;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole handshakes with servers that send anything: the client fails with a rule or waits, but never accepts an altered
 * handshake.
 */
class HandshakeFuzzTest {
    private static final long NOW = Tls13Exchange.NOW;
    private static final List<ReplayTest.Take> TAKES = ReplayTest.takes().toList();
    private static final Tls12Exchange.Kind[] KINDS = Tls12Exchange.Kind.values();
    private static final Tls13Exchange.Kind[] KINDS13 = Tls13Exchange.Kind.values();
    /** A flag in the first byte: the server's Finished covers the changed messages. */
    private static final int COUNTS = 0x80;

    // Bytes as they come, before any decryption

    static Stream<byte[]> streams() throws Exception {
        var all = Stream.<byte[]>builder();
        for (var i = 0; i < TAKES.size(); i++) {
            all.add(Seeds.joined(new byte[]{(byte) i, 0}, TAKES.get(i).connection().received()));
        }
        for (var i = 0; i < KINDS13.length; i++) {
            var stream = new ByteArrayOutputStream();
            var kind = KINDS13[i];
            new Scripted13(kind, repeatable(kind.settings()),
                    record -> stream.writeBytes(ByteBufUtil.getBytes(record))).exchange(new Edits(new byte[0]));
            all.add(Seeds.joined(new byte[]{(byte) (TAKES.size() + i), 0}, stream.toByteArray()));
        }
        return all.build();
    }

    /** A client without a server: which client, how many bytes arrive at a time (0 for all), and the bytes. */
    @MethodSource("streams")
    @FuzzTest
    void received(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var number = Bounds.at(bytes, 0) % (TAKES.size() + KINDS13.length);
            var in = Unpooled.wrappedBuffer(Bounds.from(bytes, 2));
            var most = Bounds.at(bytes, 1) == 0 ? Bounds.MOST_BYTES : Bounds.at(bytes, 1);
            var client = number < TAKES.size()
                    ? TAKES.get(number).begin().client
                    : begun(KINDS13[number - TAKES.size()]);
            while (in.isReadable()) {
                client.receive(in.readSlice(Math.min(most, in.readableBytes())), NOW);
            }
            client.transportEnded("connection_closed", "gone");
            ChangedExchange.check(client);
            if (number < TAKES.size() && client.state() instanceof Done) {
                var recorded = TAKES.get(number).connection().received();
                assertEquals(covered(recorded), covered(Bounds.from(bytes, 2)));
            }
        });
    }

    private static ClientHandshake begun(Tls13Exchange.Kind kind) {
        var client = new ClientHandshake(repeatable(kind.settings()), kind.session(), new Silent());
        if (kind.announces()) {
            client.start(NOW, Tls13Exchange.EARLY_DATA);
        } else {
            client.start(NOW);
        }
        return client;
    }

    /** Returns a memory that generates the same hellos each time. */
    private static ClientMemory repeatable(ClientSettings settings) {
        return new ClientMemory(settings, SessionMemory.UNLIMITED, new HelloOffer(settings),
                new Primitives(new Random(1)), new SecureRandom());
    }

    /**
     * Returns all handshake messages up to and including the one protected record of TLS 1.2, however they are split,
     * in hex.
     */
    private static String covered(byte[] stream) {
        var in = Unpooled.wrappedBuffer(stream);
        var messages = Unpooled.buffer();
        var last = "";
        for (var changed = false; last.isEmpty() && in.readableBytes() >= 5;) {
            var type = in.readUnsignedByte();
            in.skipBytes(2);
            var content = in.readSlice(Math.min(in.readUnsignedShort(), in.readableBytes()));
            if (type == ContentType.CHANGE_CIPHER_SPEC.id()) {
                changed = true;
            } else if (type == ContentType.HANDSHAKE.id() && !changed) {
                messages.writeBytes(content);
            } else if (changed) {
                last = ByteBufUtil.hexDump(content);
            }
        }
        return ByteBufUtil.hexDump(Edits.withoutRequests(messages, false)) + " " + last;
    }

    private static final class Silent implements Output {
        @Override
        public void send(ByteBuf flight, Progress reached) {
            // ignored
        }

        @Override
        public void reached(Progress progress) {
            // ignored
        }

        @Override
        public void gained(Session session) {
            // ignored
        }
    }

    // Messages under the right keys

    static Stream<byte[]> edits() {
        return edits(KINDS.length);
    }

    static Stream<byte[]> edits13() {
        return edits(KINDS13.length);
    }

    /** Returns edits of each kind: no change, one flipped bit, a truncated message, and an unexpected message. */
    private static Stream<byte[]> edits(int kinds) {
        return IntStream.range(0, kinds).boxed().flatMap(kind -> Stream
                .of("00", "0101010006ff01", "0102850006000000", "010309000000160000000400000000", "01048200060301",
                        "010108000000000b00000301020300")
                .flatMap(edits -> Stream.of(kind, kind | COUNTS).map(first -> Seeds
                        .joined(new byte[]{(byte) (int) first}, HexFormat.of().parseHex(edits)))));
    }

    /** Up to TLS 1.2: the handshake, with the highest bit if Finished covers the changes; then {@link Edits}. */
    @MethodSource("edits")
    @FuzzTest
    void changedMessages(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var edits = new Edits(Bounds.from(bytes, 1));
            var exchange = new Scripted12(KINDS[(Bounds.at(bytes, 0) & ~COUNTS) % KINDS.length], _ -> {});
            var counts = (Bounds.at(bytes, 0) & COUNTS) != 0;
            exchange.exchange(edits, counts);
            assertFalse(!counts && edits.changed(false) && exchange.exchange.client.state() instanceof Done,
                    "another handshake than the server's was taken for it");
        });
    }

    /** The same input for TLS 1.3, where the changed messages are encrypted. */
    @MethodSource("edits13")
    @FuzzTest
    void changedMessages13(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var kind = KINDS13[(Bounds.at(bytes, 0) & ~COUNTS) % KINDS13.length];
            var edits = new Edits(Bounds.from(bytes, 1));
            var exchange = new Scripted13(kind, new ClientMemory(kind.settings(), SessionMemory.UNLIMITED), _ -> {});
            exchange.counts = (Bounds.at(bytes, 0) & COUNTS) != 0;
            exchange.exchange(edits);
            assertFalse(!exchange.counts && edits.changed(true) && exchange.exchange.client.state() instanceof Done,
                    "another handshake than the server's was taken for it");
        });
    }

    // Bits on the wire

    static Stream<byte[]> flips() {
        return IntStream.range(0, KINDS.length + KINDS13.length).boxed().flatMap(kind -> IntStream.range(0, 8)
                .mapToObj(record -> new byte[]{(byte) (int) kind, (byte) record, 0, 43}));
    }

    /** The handshake, the number of the server's record, and the number of the bit in it (two bytes). */
    @MethodSource("flips")
    @FuzzTest
    void oneBit(byte[] input) throws Exception {
        Bounds.check(input, bytes -> {
            var number = Bounds.at(bytes, 0) % (KINDS.length + KINDS13.length);
            var flip = new Flip(Bounds.at(bytes, 1), Bounds.at(bytes, 2) << 8 | Bounds.at(bytes, 3));
            if (number < KINDS.length) {
                var kind = KINDS[number];
                // SSL 3.0 does not authenticate padding (RFC 6101, 5.2.3.2).
                flip.ignoresPadding = kind.version == ProtocolVersion.SSL_3_0 && kind.suite.bulk().isCbc();
                var exchange = new Scripted12(kind, flip);
                exchange.exchange(new Edits(new byte[0]), false);
                flip.check(exchange.exchange);
            } else {
                var kind = KINDS13[number - KINDS.length];
                var exchange = new Scripted13(kind, new ClientMemory(kind.settings(), SessionMemory.UNLIMITED), flip);
                exchange.exchange(new Edits(new byte[0]));
                flip.check(exchange.exchange);
            }
        });
    }

    /** Flips one bit of one record. */
    private static final class Flip implements Consumer<ByteBuf> {
        private final int record;
        private final int bit;
        private boolean ignoresPadding;
        private int seen;
        private boolean counts;

        Flip(int record, int bit) {
            this.record = record;
            this.bit = bit;
        }

        @Override
        public void accept(ByteBuf bytes) {
            var place = bytes.readerIndex() + bit / 8;
            if (seen++ == record && place < bytes.writerIndex()) {
                bytes.setByte(place, bytes.getByte(place) ^ 1 << bit % 8);
                // The version of an unprotected record is ignored.
                counts = bit / 8 != 1 && bit / 8 != 2 && !ignoresPadding;
            }
        }

        void check(ChangedExchange<?, ?> exchange) {
            // A record after the handshake is not accepted either: it fails, or is incomplete.
            if (counts && exchange.client.state() instanceof Done) {
                assertEquals(0, exchange.gained(), "a changed record was taken");
            }
        }
    }

    // The two servers

    private static final class Scripted12 {
        private final Tls12Exchange.Kind kind;
        private final ChangedExchange<ScriptedServer.Step, ScriptedServer> exchange;

        Scripted12(Tls12Exchange.Kind kind, Consumer<ByteBuf> wire) {
            this.kind = kind;
            this.exchange = new ChangedExchange<>(new ClientMemory(kind.settings(), SessionMemory.UNLIMITED),
                    kind.session(), 5,
                    toClient -> new ScriptedServer(kind, toClient), wire);
        }

        void exchange(Edits edits, boolean counts) throws Exception {
            exchange.server.change = edits::applied;
            exchange.server.changeCounts = counts;
            exchange.exchange(() -> exchange.client.start(5), kind.steps(), (step, server) -> {
                edits.before(server);
                server.honest(step);
            });
        }
    }

    private static final class Scripted13 {
        private final Tls13Exchange.Kind kind;
        private final ChangedExchange<ScriptedServer13.Step, ScriptedServer13> exchange;
        private boolean counts;

        Scripted13(Tls13Exchange.Kind kind, ClientMemory memory, Consumer<ByteBuf> wire) {
            var session = kind.session();
            this.kind = kind;
            this.exchange = new ChangedExchange<>(memory, session, NOW,
                    toClient -> new ScriptedServer13(kind, memory.settings(), session, tickets(session), toClient),
                    wire);
        }

        private static Map<String, PreSharedKey> tickets(Session session) {
            return session instanceof Session.Tls13 tls13
                    ? Map.of(HexFormat.of().formatHex(tls13.ticket()), tls13.key())
                    : Map.of();
        }

        void exchange(Edits edits) throws Exception {
            exchange.server.change = edits::applied;
            exchange.server.changeCounts = counts;
            exchange.exchange(() -> {
                if (kind.announces()) {
                    exchange.client.start(NOW, Tls13Exchange.EARLY_DATA);
                } else {
                    exchange.client.start(NOW);
                }
            }, kind.steps(), (step, server) -> {
                edits.before(server);
                switch (step) {
                    case HELLO_RETRY_REQUEST -> {
                        var honest = server.retryRequest();
                        server.retry(counts ? read(edits.applied(ScriptedPeer.encoded(honest)), honest) : honest);
                        server.record(ContentType.CHANGE_CIPHER_SPEC, 1);
                    }
                    case SERVER_HELLO -> {
                        var honest = server.hello();
                        var sent = edits.applied(ScriptedPeer.encoded(honest));
                        server.hello(counts ? read(sent, honest) : honest,
                                _ -> server.record(ContentType.HANDSHAKE, sent));
                    }
                    case FINISHED -> server.finish(
                            content -> server.record(ContentType.HANDSHAKE, edits.applied(content)));
                    default -> server.honest(step);
                }
            });
        }

        /** Returns the hello that was sent, if it is one. */
        private static ServerHello read(byte[] sent, ServerHello otherwise) {
            try {
                return sent.length >= HandshakeMessage.HEADER && HandshakeMessage.decode(sent[0],
                        Unpooled.wrappedBuffer(Bounds.from(sent, HandshakeMessage.HEADER)),
                        null) instanceof ServerHello hello ? hello : otherwise;
            } catch (Fault _) {
                return otherwise;
            }
        }
    }

    // Checks of the test itself

    @Test
    void whatIsNotChangedSucceeds() throws Exception {
        for (var kind : KINDS) {
            var exchange = new Scripted12(kind, _ -> {});
            exchange.exchange(new Edits(new byte[0]), false);
            Ended.assertDone(kind.resumes(), exchange.exchange.client.state(), kind::toString);
        }
        for (var kind : KINDS13) {
            var exchange = new Scripted13(kind, new ClientMemory(kind.settings(), SessionMemory.UNLIMITED), _ -> {});
            exchange.exchange(new Edits(new byte[0]));
            Ended.assertDone(kind.resumes(), exchange.exchange.client.state(), kind::toString);
            assertEquals(1, exchange.exchange.gained());
        }
        for (var seed : streams().toList()) {
            var number = seed[0];
            var client = number < TAKES.size()
                    ? TAKES.get(number).begin().client
                    : begun(KINDS13[number - TAKES.size()]);
            client.receive(Unpooled.wrappedBuffer(seed, 2, seed.length - 2), NOW);
            if (number != TAKES.size() + Tls13Exchange.Kind.VERIFIED.ordinal()) {
                assertInstanceOf(Done.class, client.state());
            } // otherwise its key is different each time
        }
    }

    @Test
    void whatIsChangedFails() throws Exception {
        var edits = new Edits(new byte[]{1, 1, 1, 0, 6, 0, 1});
        var exchange = new Scripted13(Tls13Exchange.Kind.FULL,
                new ClientMemory(Tls13Exchange.Kind.FULL.settings(), SessionMemory.UNLIMITED), _ -> {});
        exchange.exchange(edits);
        assertEquals(List.of(true, true),
                List.of(edits.changed(true), exchange.exchange.client.state() instanceof Failed));
    }
}
