package dev.shakedown.bench;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * All crypto of a TLS 1.2 client with an ECDHE suite, {@code --key-share base-point} and {@code --verify none}: its
 * random, the transcript, the secrets, and both Finished with their records, in wire order, on messages as long as
 * those of nginx with a chain of two certificates. The baselines do the same with JCA objects made beforehand.
 */
public class ClientCryptoBenchmark extends BenchmarkDefaults {
    private static final CipherSuite SUITE = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
    private static final Dialect DIALECT = Dialect.tls12(SUITE.prfHash());
    private static final int VERSION = ProtocolVersion.TLS_1_2.id();
    private static final byte[] EXTENDED_MASTER = RawPrf.label("extended master secret");
    private static final byte[] EXPANSION = RawPrf.label("key expansion");
    private static final byte[] CLIENT_FINISHED = RawPrf.label("client finished");
    private static final byte[] SERVER_FINISHED = RawPrf.label("server finished");
    private static final int KEY = SUITE.bulk().keyLength();
    private static final int SALT = SUITE.bulk().ivLength();
    private static final int EXPLICIT_NONCE = 8;
    private static final int TAG = 16;
    private static final int NEW_SESSION_TICKET = 4;

    /** A server's side of one connection, full or resumed, on random messages of the right types. */
    private static final class Server {
        final byte[] clientRandom = random(32);
        final byte[] serverRandom = random(32);
        final byte[] point = KeyShare.generate(NamedGroup.X25519).publicValue();
        final MasterSecret resumedMaster = new MasterSecret(random(MasterSecret.LENGTH));
        final List<ByteBuf> hellos = List.of(message(1, 200), message(2, 90));
        final List<ByteBuf> flight = List.of(message(11, 1600), message(12, 150), message(14, 4));
        final ByteBuf clientKeyExchange = message(16, 37);
        final ByteBuf ticket = message(NEW_SESSION_TICKET, 200);
        /** Both are empty until a baseline has made them. */
        byte[] fullFinished = {};
        byte[] resumedFinished = {};

        private byte[] random(int length) {
            var bytes = new byte[length];
            ThreadLocalRandom.current().nextBytes(bytes);
            return bytes;
        }

        private ByteBuf message(int type, int length) {
            var bytes = random(length);
            bytes[0] = (byte) type;
            return Unpooled.wrappedBuffer(bytes);
        }
    }

    private final Primitives primitives = new Primitives();
    private final KeyShare share = KeyShare.basePoint(NamedGroup.X25519);
    private final byte[] drawn = new byte[32];
    private final ByteBuf message = Unpooled.buffer(64);
    private final ByteBuf in = Unpooled.buffer(64);
    private final ByteBuf out = Unpooled.buffer(64);
    private Server[] servers;
    /** The JDK refuses to seal twice in a row with one key and nonce. */
    int turn;
    RawPrf raw;
    MessageDigest digest;
    Cipher cipher;

    @Setup
    public void setup() throws GeneralSecurityException, CloneNotSupportedException, Fault {
        servers = new Server[]{new Server(), new Server()};
        raw = new RawPrf(SUITE.prfHash());
        digest = MessageDigest.getInstance(SUITE.prfHash().digestName());
        cipher = Cipher.getInstance("AES/GCM/NoPadding");
        for (var i = 0; i < servers.length; i++) {
            // The baselines also make the server's Finished.
            var expected = baselineFull();
            turn = 1 - turn;
            require(Arrays.equals(expected, ByteBufUtil.getBytes(full())), "the client's Finished");
            turn = 1 - turn;
            expected = baselineResumed();
            turn = 1 - turn;
            require(Arrays.equals(expected, ByteBufUtil.getBytes(resumed())), "the resuming client's Finished");
        }
    }

    private Server next() {
        turn = 1 - turn;
        primitives.random().nextBytes(drawn);
        return servers[turn];
    }

    /** A full handshake, with a ticket at its end. */
    @Benchmark
    @Baseline("baselineFull")
    public ByteBuf full() throws Fault {
        var server = next();
        var transcript = new Transcript(primitives);
        server.hellos.forEach(transcript::add);
        transcript.begin(DIALECT);
        server.flight.forEach(transcript::add);
        var premaster = share.agree(server.point);
        transcript.add(server.clientKeyExchange);
        var master = MasterSecret.deriveExtended(primitives, DIALECT, premaster, transcript.hash());
        var keys = master.expand(primitives, SUITE, server.clientRandom, server.serverRandom);
        sendFinished(transcript, transcript.hash(), master, keys);
        transcript.add(server.ticket);
        takeFinished(transcript, master, keys, server.fullFinished);
        return out;
    }

    /** A handshake resumed by that ticket. */
    @Benchmark
    @Baseline("baselineResumed")
    public ByteBuf resumed() throws Fault {
        var server = next();
        var transcript = new Transcript(primitives);
        server.hellos.forEach(transcript::add);
        transcript.begin(DIALECT);
        var master = server.resumedMaster;
        var keys = master.expand(primitives, SUITE, server.clientRandom, server.serverRandom);
        takeFinished(transcript, master, keys, server.resumedFinished);
        sendFinished(transcript, transcript.lastHash(), master, keys);
        return out;
    }

    private void sendFinished(Transcript transcript, byte[] transcriptHash, MasterSecret master, KeyBlock keys) {
        message.clear();
        new Finished(FinishedMac.CLIENT.make(primitives, DIALECT, master, transcriptHash)).encode(message);
        transcript.add(message);
        out.clear();
        RecordProtection.of(primitives, DIALECT, SUITE, keys.client(), false).seal(ContentType.HANDSHAKE, message, out);
    }

    private void takeFinished(Transcript transcript, MasterSecret master, KeyBlock keys, byte[] sealed) throws Fault {
        // The record is opened in place.
        in.clear().writeBytes(sealed);
        var finished = RecordProtection.of(primitives, DIALECT, SUITE, keys.server(), false)
                .open(new RecordReader.Record(ContentType.HANDSHAKE, VERSION, in)).fragment();
        transcript.add(finished);
        var verifyData = new byte[FinishedMac.LENGTH];
        finished.getBytes(finished.readerIndex() + HandshakeMessage.HEADER, verifyData);
        require(FinishedMac.SERVER.verify(primitives, DIALECT, master, transcript.hashBeforeLast(), verifyData),
                "the server's Finished");
    }

    @Benchmark
    public byte[] baselineFull() throws GeneralSecurityException, CloneNotSupportedException {
        var server = next();
        digest.reset();
        server.hellos.forEach(this::hash);
        server.flight.forEach(this::hash);
        hash(server.clientKeyExchange);
        var master = raw.expand(server.point, MasterSecret.LENGTH, EXTENDED_MASTER, hashSoFar());
        master = Arrays.copyOf(master, MasterSecret.LENGTH);
        var block = block(server, master);
        var sent = finished(master, CLIENT_FINISHED);
        digest.update(sent);
        hash(server.ticket);
        var received = finished(master, SERVER_FINISHED);
        if (server.fullFinished.length == 0) {
            server.fullFinished = seal(block, 1, received);
        }
        require(Arrays.equals(received, open(block, server.fullFinished)), "the server's Finished");
        return record(seal(block, 0, sent));
    }

    @Benchmark
    public byte[] baselineResumed() throws GeneralSecurityException, CloneNotSupportedException {
        var server = next();
        digest.reset();
        server.hellos.forEach(this::hash);
        var master = server.resumedMaster.bytes();
        var block = block(server, master);
        var received = finished(master, SERVER_FINISHED);
        if (server.resumedFinished.length == 0) {
            server.resumedFinished = seal(block, 1, received);
        }
        require(Arrays.equals(received, open(block, server.resumedFinished)), "the server's Finished");
        digest.update(received);
        return record(seal(block, 0, finished(master, CLIENT_FINISHED)));
    }

    private void hash(ByteBuf bytes) {
        digest.update(bytes.array());
    }

    private byte[] hashSoFar() throws CloneNotSupportedException {
        return ((MessageDigest) digest.clone()).digest();
    }

    private byte[] block(Server server, byte[] master) throws GeneralSecurityException {
        return raw.expand(master, 2 * (KEY + SALT), EXPANSION, server.serverRandom, server.clientRandom);
    }

    private byte[] finished(byte[] master, byte[] label) throws GeneralSecurityException, CloneNotSupportedException {
        var verifyData = raw.expand(master, FinishedMac.LENGTH, label, hashSoFar());
        var bytes = new byte[HandshakeMessage.HEADER + FinishedMac.LENGTH];
        bytes[0] = Finished.TYPE;
        bytes[3] = FinishedMac.LENGTH;
        System.arraycopy(verifyData, 0, bytes, HandshakeMessage.HEADER, FinishedMac.LENGTH);
        return bytes;
    }

    /** Seals the first record of a side, 0 for the client: explicit nonce, content, tag. */
    private byte[] seal(byte[] block, int side, byte[] content) throws GeneralSecurityException {
        initialise(Cipher.ENCRYPT_MODE, block, side);
        var sealed = new byte[EXPLICIT_NONCE + content.length + TAG];
        cipher.doFinal(content, 0, content.length, sealed, EXPLICIT_NONCE);
        return sealed;
    }

    private byte[] open(byte[] block, byte[] sealed) throws GeneralSecurityException {
        initialise(Cipher.DECRYPT_MODE, block, 1);
        return cipher.doFinal(sealed, EXPLICIT_NONCE, sealed.length - EXPLICIT_NONCE);
    }

    private void initialise(int mode, byte[] block, int side) throws GeneralSecurityException {
        var nonce = new byte[SALT + EXPLICIT_NONCE];
        System.arraycopy(block, 2 * KEY + side * SALT, nonce, 0, SALT);
        cipher.init(mode, new SecretKeySpec(block, side * KEY, KEY, "AES"), new GCMParameterSpec(8 * TAG, nonce));
        // Sequence number 0, type, version, length (RFC 5246, 6.2.3.3).
        cipher.updateAAD(new byte[]{0, 0, 0, 0, 0, 0, 0, 0, (byte) ContentType.HANDSHAKE.id(), (byte) (VERSION >> 8),
            (byte) VERSION, 0, HandshakeMessage.HEADER + FinishedMac.LENGTH});
    }

    private static byte[] record(byte[] fragment) {
        var record = new byte[RecordReader.HEADER + fragment.length];
        record[0] = (byte) ContentType.HANDSHAKE.id();
        record[1] = (byte) (VERSION >> 8);
        record[2] = (byte) VERSION;
        record[4] = (byte) fragment.length;
        System.arraycopy(fragment, 0, record, RecordReader.HEADER, fragment.length);
        return record;
    }
}
