package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.HandshakeMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KeyDerivationTest {
    private final Primitives primitives = new Primitives(new SplittableRandom(1));
    private final SplittableRandom random = new SplittableRandom(2);

    /**
     * The vectors posted to the TLS working group's list,
     * mailarchive.ietf.org/arch/msg/tls/fzVCzk-z3FShgGJ6DOXqM1ydxms.
     */
    @ParameterizedTest
    @CsvSource({
        "SHA_256, 9bbe436ba940f017b17652849a71db35, a0ba9f936cda311827a6f796ffd5198c,"
                + "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af"
                + "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
                + "87347b66",
        "SHA_384, b80b733d6ceefcdc71566ea48e5567df, cd665cf6a8447dd6ff8b27555edb7465,"
                + "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0"
                + "e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
                + "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e099070"
                + "3d73e56f"})
    void prfGivesThePublishedVectors(Hash hash, String secret, String seed, String output) {
        var hex = HexFormat.of();
        var wanted = hex.parseHex(output);
        var secretBytes = hex.parseHex(secret);
        var seedBytes = hex.parseHex(seed);
        assertArrayEquals(wanted, Judge.prf(hash, secretBytes, "test label", seedBytes, wanted.length));
        assertArrayEquals(wanted, Prf.expand(primitives, hash, secretBytes, Prf.label("test label"), seedBytes,
                new byte[0], wanted.length));
    }

    @ParameterizedTest
    @EnumSource(value = Hash.class, names = {"SHA_256", "SHA_384"})
    void prfAgreesWithBouncyCastleForEveryLength(Hash hash) {
        for (var length = 0; length <= 200; length++) {
            var secret = bytes(1 + random.nextInt(150));
            var seed = bytes(random.nextInt(80));
            var more = bytes(random.nextInt(80));
            assertArrayEquals(Judge.prf(hash, secret, "any", Judge.join(seed, more), length),
                    Prf.expand(primitives, hash, secret, Prf.label("any"), seed, more, length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void masterSecretsAgreeWithBouncyCastle(CipherSuite suite) {
        var hash = suite.prfHash();
        for (var length : new int[]{32, 48}) {
            var premaster = new PremasterSecret(bytes(length));
            var client = bytes(32);
            var server = bytes(32);
            var session = bytes(hash.length());
            assertArrayEquals(Judge.prf(hash, premaster.bytes(), "master secret", Judge.join(client, server), 48),
                    MasterSecret.derive(primitives, Dialect.tls12(hash), premaster, client, server).bytes());
            assertArrayEquals(Judge.prf(hash, premaster.bytes(), "extended master secret", session, 48),
                    MasterSecret.deriveExtended(primitives, Dialect.tls12(hash), premaster, session).bytes());
        }
    }

    /** RFC 5246, 6.3: both MAC keys, both keys, both IVs, the client's first. */
    @ParameterizedTest
    @EnumSource
    void keyBlockAgreesWithBouncyCastle(CipherSuite suite) {
        var master = new MasterSecret(bytes(48));
        var client = bytes(32);
        var server = bytes(32);
        var keys = master.expand(primitives, suite, client, server);
        var name = suite.name();
        var mac = name.endsWith("_MD5") ? 16 : suite.bulk().isAead() ? 0 : suite.macHash().length();
        assertEquals(mac, keys.client().mac().length);
        assertEquals(name.contains("_NULL_")
                ? 0
                : name.contains("_3DES_") ? 24 : name.contains("_256_") || name.contains("CHACHA20") ? 32 : 16,
                keys.client().key().length);
        assertEquals(!suite.bulk().isAead() ? 0 : name.contains("GCM") ? 4 : 12, keys.client().iv().length);
        var block = Judge.join(keys.client().mac(), keys.server().mac(), keys.client().key(), keys.server().key(),
                keys.client().iv(), keys.server().iv());
        assertArrayEquals(Judge.prf(suite.prfHash(), master.bytes(), "key expansion", Judge.join(server, client),
                block.length), block);
    }

    @ParameterizedTest
    @EnumSource(value = Hash.class, names = {"SHA_256", "SHA_384"})
    void finishedAgreesWithBouncyCastle(Hash hash) {
        var master = new MasterSecret(bytes(48));
        var transcript = bytes(hash.length());
        var server = FinishedMac.SERVER.make(primitives, Dialect.tls12(hash), master, transcript);
        assertArrayEquals(Judge.prf(hash, master.bytes(), "server finished", transcript, 12), server);
        assertArrayEquals(Judge.prf(hash, master.bytes(), "client finished", transcript, 12),
                FinishedMac.CLIENT.make(primitives, Dialect.tls12(hash), master, transcript));

        assertTrue(FinishedMac.SERVER.verify(primitives, Dialect.tls12(hash), master, transcript, server));
        assertFalse(FinishedMac.CLIENT.verify(primitives, Dialect.tls12(hash), master, transcript, server));
        assertFalse(FinishedMac.SERVER.verify(primitives, Dialect.tls12(hash), master, transcript, new byte[0]));
        for (var at = 0; at < server.length; at++) {
            var wrong = server.clone();
            wrong[at] ^= 1;
            assertFalse(FinishedMac.SERVER.verify(primitives, Dialect.tls12(hash), master, transcript, wrong));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Hash.class, names = {"SHA_256", "SHA_384"})
    void transcriptIsTheHashOfAllMessages(Hash hash) {
        var transcript = new Transcript(primitives);
        var hello = message(1, bytes(300));
        var answer = message(2, bytes(70));
        var finished = message(HandshakeMessage.Finished.TYPE, bytes(12));
        transcript.add(hello);
        transcript.add(answer);
        transcript.begin(hash);
        assertArrayEquals(Judge.hash(hash, all(hello), all(answer)), transcript.hash());
        transcript.add(finished);
        assertArrayEquals(Judge.hash(hash, all(hello), all(answer)), transcript.hashBeforeLast());
        assertArrayEquals(Judge.hash(hash, all(hello), all(answer), all(finished)), transcript.hash());
        assertEquals(16, finished.readableBytes());
    }

    @Test
    void rsaPremasterStartsWithTheOfferedVersion() {
        var first = PremasterSecret.forRsa(0x0303, new SecureRandom()).bytes();
        assertEquals(48, first.length);
        assertEquals(0x03, first[0]);
        assertEquals(0x03, first[1]);
        assertFalse(Arrays.equals(first, PremasterSecret.forRsa(0x0303, new SecureRandom()).bytes()));
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Returns a message that does not start at the beginning of its array. */
    private static ByteBuf message(int type, byte[] body) {
        return Unpooled.buffer().writeZero(7).skipBytes(7).writeByte(type).writeMedium(body.length).writeBytes(body)
                .slice();
    }

    private static byte[] all(ByteBuf message) {
        return ByteBufUtil.getBytes(message);
    }
}
