package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.ClientState.Failed;
import dev.shakedown.tls.client.Recording.Connection;
import dev.shakedown.tls.client.Recording.Replay;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Handshakes recorded by {@link HandshakeRecorder} with real servers, replayed byte for byte. */
class ReplayTest {
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO_DONE = 14;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HEADER = 5;

    /** One connection of a recording, with all those before it. */
    record Take(String name, Recording recording, int number) {
        Connection connection() {
            return recording.connections().get(number);
        }

        /** Returns a client at the beginning of this connection. */
        Replay begin() {
            var memory = recording.client();
            Session offered = null;
            for (var earlier : recording.connections().subList(0, number)) {
                var replay = new Replay(memory, offered);
                replay.client.receive(Unpooled.wrappedBuffer(earlier.received()), 0);
                // As when it was recorded, since this draws random bytes, too.
                replay.client.closeNotify();
                offered = replay.gained != null ? replay.gained : offered;
            }
            return new Replay(memory, offered);
        }

        @Override
        public String toString() {
            return name + ", connection " + number + " (" + connection().end() + ")";
        }
    }

    static Stream<Take> takes() {
        return Stream.of("rsa-by-id", "ecdhe-rsa-by-ticket", "ecdhe-ecdsa", "chacha20", "ticket-declined",
                "cbc-encrypt-then-mac", "cbc-mac-then-encrypt", "nginx-by-ticket", "rehearsal-tls12").flatMap(name -> {
                    var recording = Recording.read(name + ".txt");
                    return IntStream.range(0, recording.connections().size())
                            .mapToObj(number -> new Take(name, recording, number));
                });
    }

    @ParameterizedTest
    @MethodSource("takes")
    void whole(Take take) {
        var replay = take.begin();
        replay.client.receive(Unpooled.wrappedBuffer(take.connection().received()), 0);
        assertAsRecorded(take, replay);
    }

    @ParameterizedTest
    @MethodSource("takes")
    void oneByteAtATime(Take take) {
        var replay = take.begin();
        for (var value : take.connection().received()) {
            assertFalse(replay.client.state() instanceof Done);
            replay.client.receive(Unpooled.wrappedBuffer(new byte[]{value}), 0);
        }
        assertAsRecorded(take, replay);
    }

    @ParameterizedTest
    @MethodSource("takes")
    void oneByteARecord(Take take) {
        var replay = take.begin();
        replay.client.receive(reframed(take.connection().received(), 1), 0);
        assertAsRecorded(take, replay);
    }

    @ParameterizedTest
    @MethodSource("takes")
    void asFewRecordsAsPossible(Take take) {
        var replay = take.begin();
        replay.client.receive(reframed(take.connection().received(), 1 << 14), 0);
        assertAsRecorded(take, replay);
    }

    @ParameterizedTest
    @MethodSource("takes")
    void cutAtEveryLengthIsNeverDone(Take take) {
        var received = take.connection().received();
        for (var length = 0; length < received.length; length++) {
            var replay = take.begin();
            replay.client.receive(Unpooled.wrappedBuffer(received, 0, length), 0);
            assertFalse(replay.client.state() instanceof Done || replay.client.state() instanceof Failed);
            var stage = replay.client.state().stage();
            replay.client.transportEnded("connection_closed", "gone");
            var failure = assertInstanceOf(Failed.class, replay.client.state()).failure();
            assertEquals(stage, failure.stage());
            assertFalse(failure.sent());
        }
    }

    /** A handshake authenticates everything in the end, except for the version of the ServerHello's record. */
    @ParameterizedTest
    @MethodSource("takes")
    void changedAtAnyByteIsNeverDone(Take take) {
        var received = take.connection().received();
        for (var at = 0; at < received.length; at++) {
            if (at != 2) {
                var changed = received.clone();
                changed[at] ^= (byte) (1 << at % 8);
                var replay = take.begin();
                replay.client.receive(Unpooled.wrappedBuffer(changed), 0);
                assertFalse(replay.client.state() instanceof Done, "changed at " + at);
            }
        }
    }

    private static void assertAsRecorded(Take take, Replay replay) {
        var resumed = take.connection().end().equals("resumed");
        Ended.assertDone(resumed, replay.client.state());
        assertEquals(take.recording().suite(), replay.client.suite());
        var group = take.name().startsWith("cbc") ? NamedGroup.SECP256R1 : NamedGroup.X25519;
        assertEquals(resumed || take.recording().suite().keyExchange() == KeyExchange.RSA ? null : group,
                replay.client.group());
        assertArrayEquals(take.connection().sent(), replay.sentBytes());
    }

    /**
     * Returns the same bytes, with the handshake messages before ChangeCipherSpec in records of at most {@code most}
     * bytes.
     */
    private static ByteBuf reframed(byte[] stream, int most) {
        var in = Unpooled.wrappedBuffer(stream);
        var out = Unpooled.buffer();
        var messages = Unpooled.buffer();
        while (in.isReadable() && in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
            var length = in.getUnsignedShort(in.readerIndex() + 3);
            messages.writeBytes(in.skipBytes(HEADER), length);
        }
        assertEquals(CHANGE_CIPHER_SPEC, in.getUnsignedByte(in.readerIndex()));
        while (messages.isReadable()) {
            var part = messages.readSlice(Math.min(most, flightLength(messages)));
            out.writeByte(HANDSHAKE).writeShort(0x0303).writeShort(part.readableBytes()).writeBytes(part);
        }
        return out.writeBytes(in);
    }

    /**
     * Returns the length up to the ServerHelloDone, after which the server waits; the whole length if there is none.
     */
    private static int flightLength(ByteBuf messages) {
        for (var at = messages.readerIndex(); at + 4 <= messages.writerIndex();) {
            var type = messages.getUnsignedByte(at);
            at += 4 + messages.getUnsignedMedium(at + 1);
            if (type == SERVER_HELLO_DONE && at <= messages.writerIndex()) {
                return at - messages.readerIndex();
            }
        }
        return messages.readableBytes();
    }
}
