package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.crypto.old.Dialects;
import dev.shakedown.tls.crypto.old.OldSignature;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.spec.DHParameterSpec;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What only versions before TLS 1.2 and old suites have, compared with Bouncy Castle. */
class OldVersionsTest {
    private static final BouncyCastleProvider JUDGE = new BouncyCastleProvider();
    private static final Dialect TLS_1_1 = Dialects.of(ProtocolVersion.TLS_1_1,
            CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA);

    private final Random random = new Random(1);
    private final Primitives primitives = new Primitives();

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** RFC 4346, 5; secrets of odd length share their middle byte. */
    private static byte[] prf(byte[] secret, String label, byte[] seed, int length) {
        var half = (secret.length + 1) / 2;
        var out = Judge.prf(Hash.MD5, Arrays.copyOf(secret, half), label, seed, length);
        var other = Judge.prf(Hash.SHA_1, Arrays.copyOfRange(secret, secret.length - half, secret.length), label, seed,
                length);
        for (var i = 0; i < length; i++) {
            out[i] ^= other[i];
        }
        return out;
    }

    @Test
    void secretsAndFinished() {
        for (var length : new int[]{32, 47, 48, 256}) {
            var premaster = bytes(length);
            var client = bytes(32);
            var server = bytes(32);
            var master = MasterSecret.derive(primitives, TLS_1_1, new PremasterSecret(premaster), client,
                    server);
            assertArrayEquals(prf(premaster, "master secret", Judge.join(client, server), 48), master.bytes());
            var transcript = bytes(36);
            assertArrayEquals(prf(master.bytes(), "client finished", transcript, 12),
                    FinishedMac.CLIENT.make(primitives, TLS_1_1, master, transcript));
            assertArrayEquals(prf(premaster, "extended master secret", transcript, 48), MasterSecret.deriveExtended(
                    primitives, TLS_1_1, new PremasterSecret(premaster), transcript).bytes());
        }
    }

    @Test
    void keyBlocks() {
        var master = new MasterSecret(bytes(48));
        var client = bytes(32);
        var server = bytes(32);
        for (var version : new ProtocolVersion[]{ProtocolVersion.TLS_1_0, ProtocolVersion.TLS_1_1}) {
            for (var suite : CipherSuite.values()) {
                if (suite.isOf(version)) {
                    var keys = master.expand(primitives, Dialects.of(version, suite), suite, client, server);
                    var iv = version == ProtocolVersion.TLS_1_1 || !suite.bulk().isCbc()
                            ? 0
                            : suite.name().contains("3DES") ? 8 : 16;
                    assertEquals(iv, keys.server().iv().length, suite::name);
                    var all = Judge.join(keys.client().mac(), keys.server().mac(), keys.client().key(),
                            keys.server().key(), keys.client().iv(), keys.server().iv());
                    assertArrayEquals(prf(master.bytes(), "key expansion", Judge.join(server, client), all.length),
                            all);
                }
            }
        }
    }

    @Test
    void transcript() {
        var first = Judge.join(new byte[]{1, 0, 0, 4}, bytes(4));
        var second = Judge.join(new byte[]{2, 0, 0, 9}, bytes(9));
        var third = Judge.join(new byte[]{11, 0, 0, 99}, bytes(99));
        var transcript = new Transcript(primitives);
        transcript.add(Unpooled.wrappedBuffer(first));
        transcript.add(Unpooled.wrappedBuffer(second));
        transcript.begin(TLS_1_1);
        for (var so : new byte[][]{Judge.join(first, second), Judge.join(first, second, third)}) {
            assertArrayEquals(Judge.join(Judge.hash(Hash.MD5, so), Judge.hash(Hash.SHA_1, so)), transcript.hash());
            transcript.add(Unpooled.wrappedBuffer(third));
        }
    }

    @Test
    void signatures() throws GeneralSecurityException, Fault {
        var content = bytes(300);
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var rsa = generator.generateKeyPair();
        var signer = Signature.getInstance("NONEwithRSA", JUDGE);
        signer.initSign(KeyFactory.getInstance("RSA", JUDGE)
                .generatePrivate(new PKCS8EncodedKeySpec(rsa.getPrivate().getEncoded())));
        signer.update(Judge.join(Judge.hash(Hash.MD5, content), Judge.hash(Hash.SHA_1, content)));
        var signature = signer.sign();
        OldSignature.verify(primitives, rsa.getPublic(), signature, content);
        assertArrayEquals(signature, OldSignature.sign(primitives, identity(rsa), content));
        signature[9] ^= 1;
        assertEquals(AlertDescription.DECRYPT_ERROR, assertThrows(Fault.class,
                () -> OldSignature.verify(primitives, rsa.getPublic(), signature, content)).alert());

        var ec = KeyPairGenerator.getInstance("EC").generateKeyPair();
        var made = OldSignature.sign(primitives, identity(ec), content);
        OldSignature.verify(primitives, ec.getPublic(), made, content);
        content[0] ^= 1;
        assertThrows(Fault.class, () -> OldSignature.verify(primitives, ec.getPublic(), made, content));
    }

    private static ClientIdentity identity(KeyPair pair) {
        return new ClientIdentity(List.of(), pair.getPrivate(), List.of());
    }

    @Test
    void diffieHellman() throws Fault {
        var known = DHStandardGroups.rfc7919_ffdhe2048;
        var p = known.getP();
        var group = DiffieHellman.group(p.toByteArray(), known.getG().toByteArray());
        for (var client : new DiffieHellman[]{DiffieHellman.generate(group), DiffieHellman.basePoint(group)}) {
            for (var i = 0; i < 20; i++) {
                var secret = new BigInteger(255, random).add(BigInteger.TWO);
                var server = group.getG().modPow(secret, p);
                var shared = new BigInteger(1, client.publicValue()).modPow(secret, p);
                var agreed = client.agree(server.toByteArray()).bytes();
                assertEquals(shared, new BigInteger(1, agreed));
                assertTrue(agreed[0] != 0);
            }
            for (var wrong : new BigInteger[]{BigInteger.ZERO, BigInteger.ONE, p.subtract(BigInteger.ONE), p,
                p.add(BigInteger.ONE)}) {
                assertEquals(AlertDescription.ILLEGAL_PARAMETER, assertThrows(Fault.class,
                        () -> client.agree(wrong.toByteArray())).alert());
            }
        }
    }

    static Stream<Arguments> groups() {
        var p = DHStandardGroups.rfc7919_ffdhe2048.getP();
        return Stream.of(Arguments.of(BigInteger.valueOf(23), BigInteger.TWO, AlertDescription.INSUFFICIENT_SECURITY),
                Arguments.of(BigInteger.ZERO, BigInteger.TWO, AlertDescription.INSUFFICIENT_SECURITY),
                Arguments.of(p.add(BigInteger.ONE), BigInteger.TWO, AlertDescription.ILLEGAL_PARAMETER),
                Arguments.of(p, BigInteger.ZERO, AlertDescription.ILLEGAL_PARAMETER),
                Arguments.of(p, BigInteger.ONE, AlertDescription.ILLEGAL_PARAMETER),
                Arguments.of(p, p.subtract(BigInteger.ONE), AlertDescription.ILLEGAL_PARAMETER),
                Arguments.of(p, p, AlertDescription.ILLEGAL_PARAMETER));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void noGroups(BigInteger prime, BigInteger generator, AlertDescription alert) {
        assertEquals(alert, assertThrows(Fault.class,
                () -> DiffieHellman.group(prime.toByteArray(), generator.toByteArray())).alert());
    }

    @Test
    void oneGroupIsNotAnother() {
        var one = new DHParameterSpec(BigInteger.valueOf(23), BigInteger.TWO);
        assertTrue(DiffieHellman.basePoint(one).isIn(new DHParameterSpec(BigInteger.valueOf(23), BigInteger.TWO)));
        assertTrue(
                !DiffieHellman.basePoint(one).isIn(new DHParameterSpec(BigInteger.valueOf(23), BigInteger.valueOf(5))));
    }

    static Stream<Arguments> protections() {
        return Stream.of(ProtocolVersion.TLS_1_0, ProtocolVersion.TLS_1_1, ProtocolVersion.TLS_1_2)
                .flatMap(version -> Stream.of(CipherSuite.values())
                        .filter(suite -> suite.isOf(version) && !suite.bulk().isAead())
                        .flatMap(suite -> Stream.of(false, true).filter(both -> !both || suite.bulk().isCbc())
                                .map(both -> Arguments.of(version, suite, both))));
    }

    /** Several records with continuing cipher state; every altered record is rejected. */
    @ParameterizedTest
    @MethodSource("protections")
    void records(ProtocolVersion version, CipherSuite suite, boolean encryptThenMac) throws Fault {
        var dialect = Dialects.of(version, suite);
        var keys = new MasterSecret(bytes(48)).expand(primitives, dialect, suite, bytes(32), bytes(32)).client();
        var writing = RecordProtection.of(primitives, dialect, suite, keys, encryptThenMac);
        var reading = RecordProtection.of(primitives, dialect, suite, keys, encryptThenMac);
        for (var length : new int[]{16, 0, 1, 500, 16384}) {
            var content = bytes(length);
            var record = Unpooled.buffer();
            writing.seal(ContentType.APPLICATION_DATA, Unpooled.wrappedBuffer(content), record);
            assertArrayEquals(content, ByteBufUtil.getBytes(reading.open(record(record.array(), record.writerIndex()))
                    .fragment()));
        }
        for (var bit = 0; bit < 3; bit++) {
            var writer = RecordProtection.of(primitives, dialect, suite, keys, encryptThenMac);
            var record = Unpooled.buffer();
            writer.seal(ContentType.HANDSHAKE, Unpooled.wrappedBuffer(bytes(40)), record);
            var changed = ByteBufUtil.getBytes(record);
            var at = RecordReader.HEADER + bit * (changed.length - RecordReader.HEADER - 1) / 2;
            changed[at] ^= 1;
            var reader = RecordProtection.of(primitives, dialect, suite, keys, encryptThenMac);
            assertEquals(AlertDescription.BAD_RECORD_MAC, assertThrows(Fault.class,
                    () -> reader.open(record(changed, changed.length))).alert(), "changed at " + at);
        }
    }

    private static RecordReader.Record record(byte[] bytes, int length) {
        var type = ContentType.of(bytes[0]);
        return new RecordReader.Record(type, (bytes[1] & 0xff) << 8 | bytes[2] & 0xff,
                Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, RecordReader.HEADER, length)));
    }
}
