package dev.shakedown.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.crypto.CryptoProvider;
import dev.shakedown.server.Engine;
import dev.shakedown.server.ServerContext;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KEM;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Param;

/**
 * Checks that the code timed by benchmarks is right, by another implementation: Bouncy Castle for the crypto, the
 * JDK's TLS engine for the hellos. Where a baseline calls primitives, it does so with Bouncy Castle's
 * objects here.
 */
class JudgeTest {
    private static final BouncyCastleProvider JUDGE = new BouncyCastleProvider();
    private static final int TAG = 16;

    /** A benchmark of another test may have installed its provider as the first. */
    @BeforeAll
    static void withTheJdksProviders() {
        CryptoProvider.JDK.install();
        assertEquals("SUN", Security.getProviders()[0].getName());
    }

    static Stream<Hash> hashes() {
        return Stream.of(Hash.SHA_256, Hash.SHA_384);
    }

    static Stream<Arguments> records() throws NoSuchFieldException {
        var suites = RecordBenchmark.class.getField("suite").getAnnotation(Param.class).value();
        return Stream.of(suites).flatMap(suite -> Stream.of(16, 4096)
                .map(bytes -> Arguments.of(CipherSuite.valueOf(suite), bytes)));
    }

    private static Mac mac(Hash hash) throws GeneralSecurityException {
        return Mac.getInstance(hash.macName(), JUDGE);
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void finishedMac(Hash hash) throws GeneralSecurityException {
        var benchmark = new FinishedMacBenchmark();
        benchmark.hash = hash;
        benchmark.setup();
        benchmark.mac = mac(hash);
        assertArrayEquals(benchmark.baseline(), benchmark.make());
        assertArrayEquals(benchmark.baseline13(), benchmark.make13());
        assertTrue(benchmark.verify() && benchmark.verify13());
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void keyDerivation(Hash hash) throws GeneralSecurityException {
        var benchmark = new KeyDerivationBenchmark();
        benchmark.hash = hash;
        benchmark.setup();
        var raw = new RawPrf(hash, mac(hash));
        benchmark.raw = raw;
        var expected = benchmark.baseline();
        assertArrayEquals(Arrays.copyOf(expected[0], MasterSecret.LENGTH), benchmark.master().bytes());
        for (var keys : new KeyBlock[]{benchmark.keyBlock(), benchmark.masterAndKeyBlock()}) {
            var all = join(keys.client().key(), keys.server().key(), keys.client().iv(), keys.server().iv());
            assertArrayEquals(Arrays.copyOf(expected[1], all.length), all);
        }
        assertArrayEquals(Arrays.copyOf(raw.expand(benchmark.premaster.bytes(), MasterSecret.LENGTH,
                RawPrf.label("extended master secret"), benchmark.sessionHash), MasterSecret.LENGTH),
                benchmark.extendedMaster().bytes());
    }

    @Test
    void oldKeyDerivationAndFinishedMac() throws GeneralSecurityException {
        var benchmark = new OldPrfBenchmark();
        benchmark.setup();
        benchmark.md5 = new RawPrf(Hash.MD5, mac(Hash.MD5));
        benchmark.sha1 = new RawPrf(Hash.SHA_1, mac(Hash.SHA_1));
        assertDoesNotThrow(benchmark::check);
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void keySchedule(Hash hash) throws GeneralSecurityException {
        var benchmark = new KeyScheduleBenchmark();
        benchmark.hash = hash;
        benchmark.setup();
        benchmark.mac = mac(hash);
        var expected = benchmark.baseline();
        var ours = benchmark.whole();
        assertArrayEquals(expected[0], ours.clientFinished());
        assertArrayEquals(Arrays.copyOf(expected[1], ours.serverApplication().key().length),
                ours.serverApplication().key());
        var length = hash.length();
        var nothing = MessageDigest.getInstance(hash.digestName(), JUDGE).digest();
        var early = mac(hash, new byte[length], new byte[length]);
        assertArrayEquals(early, benchmark.early().bytes());
        var resumption = expand(hash, benchmark.main().bytes(), "res master", benchmark.transcriptHash);
        assertArrayEquals(expand(hash, resumption, "resumption", benchmark.transcriptHash),
                benchmark.resumptionPsk().bytes());
        var binderKey = expand(hash, expand(hash, early, "res binder", nothing), "finished", new byte[0]);
        assertArrayEquals(mac(hash, binderKey, benchmark.transcriptHash), benchmark.binder());
        var handshake = benchmark.handshake();
        assertArrayEquals(mac(hash, expand(hash, handshake.bytes(), "derived", nothing), new byte[length]),
                benchmark.main().bytes());
        var traffic = expand(hash, handshake.bytes(), "c hs traffic", benchmark.transcriptHash);
        var keys = benchmark.trafficKeys();
        assertArrayEquals(Arrays.copyOf(mac(hash, traffic, KeyScheduleBenchmark.info("key", new byte[0],
                keys.key().length)), keys.key().length), keys.key());
        assertArrayEquals(Arrays.copyOf(mac(hash, traffic, KeyScheduleBenchmark.info("iv", new byte[0], 12)), 12),
                keys.iv());
    }

    private static byte[] expand(Hash hash, byte[] secret, String label, byte[] context)
            throws GeneralSecurityException {
        return mac(hash, secret, KeyScheduleBenchmark.info(label, context, hash.length()));
    }

    private static byte[] mac(Hash hash, byte[] key, byte[] message) throws GeneralSecurityException {
        var mac = mac(hash);
        mac.init(new SecretKeySpec(key, hash.macName()));
        return mac.doFinal(message);
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void transcript(Hash hash) throws GeneralSecurityException, CloneNotSupportedException {
        var benchmark = new TranscriptBenchmark();
        benchmark.hash = hash;
        benchmark.setup();
        benchmark.digest = MessageDigest.getInstance(hash.digestName(), JUDGE);
        assertArrayEquals(benchmark.baseline(), benchmark.transcript());
    }

    @Test
    void clientCrypto() throws Exception {
        var benchmark = new ClientCryptoBenchmark();
        benchmark.setup();
        benchmark.raw = new RawPrf(Hash.SHA_256, mac(Hash.SHA_256));
        benchmark.digest = MessageDigest.getInstance("SHA-256", JUDGE);
        benchmark.cipher = Cipher.getInstance("AES/GCM/NoPadding", JUDGE);
        for (var i = 0; i < 2; i++) {
            var ours = ByteBufUtil.getBytes(benchmark.full());
            benchmark.turn = 1 - benchmark.turn;
            assertArrayEquals(benchmark.baselineFull(), ours);
            ours = ByteBufUtil.getBytes(benchmark.resumed());
            benchmark.turn = 1 - benchmark.turn;
            assertArrayEquals(benchmark.baselineResumed(), ours);
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void records(CipherSuite suite, int bytes) throws Exception {
        var benchmark = new RecordBenchmark();
        benchmark.suite = suite;
        benchmark.bytes = bytes;
        benchmark.setup();
        var record = ByteBufUtil.getBytes(benchmark.seal());
        assertArrayEquals(benchmark.content, opened(suite, benchmark.keys[benchmark.turn], record));
        assertArrayEquals(benchmark.content, ByteBufUtil.getBytes(benchmark.open().fragment()));
    }

    /** Decrypts the first record under these keys: RFC 5288, 7905, 5246 (6.2.3.2) and 8446 (5.2). */
    private static byte[] opened(CipherSuite suite, KeyBlock.Keys keys, byte[] record)
            throws GeneralSecurityException {
        var header = Arrays.copyOf(record, RecordReader.HEADER);
        var fragment = Arrays.copyOfRange(record, RecordReader.HEADER, record.length);
        if (suite.isTls13()) {
            var padded = aead(suite, keys.key(), keys.iv(), header, fragment);
            assertEquals(22, padded[padded.length - 1]);
            return Arrays.copyOf(padded, padded.length - 1);
        }
        if (suite.bulk().isCbc()) {
            var cipher = Cipher.getInstance("AES/CBC/NoPadding", JUDGE);
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(keys.key(), "AES"),
                    new IvParameterSpec(fragment, 0, 16));
            var plain = cipher.doFinal(fragment, 16, fragment.length - 16);
            var content = Arrays.copyOf(plain, plain.length - 1 - plain[plain.length - 1] - 32);
            assertArrayEquals(mac(Hash.SHA_256, keys.mac(), join(additionalData(header, content.length), content)),
                    Arrays.copyOfRange(plain, content.length, content.length + 32));
            return content;
        }
        var explicit = 12 - keys.iv().length;
        return aead(suite, keys.key(), join(keys.iv(), Arrays.copyOf(fragment, explicit)),
                additionalData(header, fragment.length - explicit - TAG),
                Arrays.copyOfRange(fragment, explicit, fragment.length));
    }

    private static byte[] additionalData(byte[] header, int length) {
        return join(new byte[8], Arrays.copyOf(header, 3), new byte[]{(byte) (length >> 8), (byte) length});
    }

    private static byte[] aead(CipherSuite suite, byte[] key, byte[] nonce, byte[] aad, byte[] sealed)
            throws GeneralSecurityException {
        var chacha = suite.bulk() == Bulk.CHACHA20_POLY1305;
        var cipher = Cipher.getInstance(chacha ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding", JUDGE);
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, chacha ? "ChaCha20" : "AES"),
                chacha ? new IvParameterSpec(nonce) : new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(sealed);
    }

    @ParameterizedTest
    @EnumSource(value = NamedGroup.class, names = {"X25519", "SECP256R1", "SECP384R1"})
    void keyExchange(NamedGroup group) throws Exception {
        var benchmark = new KeyExchangeBenchmark();
        benchmark.provider = CryptoProvider.JDK;
        benchmark.group = group;
        benchmark.setup();
        assertArrayEquals(agreed(group, benchmark, benchmark.client), benchmark.agree().bytes());
        assertArrayEquals(agreed(group, benchmark, benchmark.basePoint), benchmark.basePoint().bytes());
        var made = benchmark.generate();
        assertArrayEquals(agreed(group, benchmark, made), made.agree(benchmark.serverPublic).bytes());
    }

    /** Returns what the benchmark's server computes with this client. */
    private static byte[] agreed(NamedGroup group, KeyExchangeBenchmark benchmark, KeyShare client)
            throws GeneralSecurityException {
        var x25519 = group == NamedGroup.X25519;
        var keys = KeyFactory.getInstance(x25519 ? "X25519" : "EC", JUDGE);
        var agreement = KeyAgreement.getInstance(x25519 ? "X25519" : "ECDH", JUDGE);
        agreement.init(keys.generatePrivate(new PKCS8EncodedKeySpec(benchmark.server.getPrivate().getEncoded())));
        var encoded = benchmark.server.getPublic().getEncoded();
        var point = client.publicValue();
        System.arraycopy(point, 0, encoded, encoded.length - point.length, point.length);
        agreement.doPhase(keys.generatePublic(new X509EncodedKeySpec(encoded)), true);
        return agreement.generateSecret();
    }

    @Test
    void hybrid() throws Exception {
        var benchmark = new HybridBenchmark();
        benchmark.setup();
        var key = KeyFactory.getInstance("ML-KEM-768", JUDGE)
                .generatePublic(new X509EncodedKeySpec(benchmark.client.pair().getPublic().getEncoded()));
        var encapsulated = KEM.getInstance("ML-KEM-768", JUDGE).newEncapsulator(key).encapsulate(0, 32, "Generic");
        System.arraycopy(encapsulated.encapsulation(), 0, benchmark.answer, 0, encapsulated.encapsulation().length);
        assertArrayEquals(encapsulated.key().getEncoded(), Arrays.copyOf(benchmark.agree().bytes(), 32));
    }

    @ParameterizedTest
    @CsvSource({"2048", "3072", "4096"})
    void premaster(int keyBits) throws GeneralSecurityException {
        var benchmark = new PremasterBenchmark();
        benchmark.provider = CryptoProvider.JDK;
        benchmark.keyBits = keyBits;
        benchmark.setup();
        benchmark.decryption = Cipher.getInstance("RSA/ECB/PKCS1Padding", JUDGE);
        benchmark.encrypted = benchmark.encrypt();
        var premaster = benchmark.baselineDecrypt();
        assertEquals(MasterSecret.LENGTH, premaster.length);
        assertArrayEquals(new byte[]{3, 3}, Arrays.copyOf(premaster, 2));
    }

    @ParameterizedTest
    @CsvSource({"RSA_PKCS1_SHA256,SHA256withRSA", "RSA_PSS_RSAE_SHA256,SHA256withRSAandMGF1",
        "ECDSA_SECP256R1_SHA256,SHA256withECDSA", "ECDSA_SECP384R1_SHA384,SHA384withECDSA", "ED25519,Ed25519"})
    void signatures(SignatureScheme scheme, String algorithm) throws Exception {
        var benchmark = new SignatureBenchmark();
        benchmark.provider = CryptoProvider.JDK;
        benchmark.scheme = scheme;
        benchmark.setup();
        var signer = Signature.getInstance(algorithm, JUDGE);
        var key = benchmark.pair.getPrivate();
        signer.initSign(KeyFactory.getInstance(key.getAlgorithm().equals("EdDSA") ? "Ed25519" : key.getAlgorithm(),
                JUDGE).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded())));
        signer.update(benchmark.content);
        benchmark.signature = signer.sign();
        assertTrue(benchmark.verify() && benchmark.baseline());
    }

    @Test
    void chain() throws Exception {
        var benchmark = new ChainBenchmark();
        benchmark.setup();
        var factory = CertificateFactory.getInstance("X.509", JUDGE);
        var parsed = benchmark.parse();
        for (var i = 0; i < parsed.size(); i++) {
            var found = ((Certificate) benchmark.decode()).chain().get(i);
            assertEquals(factory.generateCertificate(new ByteArrayInputStream(found)).getPublicKey(),
                    factory.generateCertificate(new ByteArrayInputStream(benchmark.chain.get(i)))
                            .getPublicKey());
            assertArrayEquals(factory.generateCertificate(new ByteArrayInputStream(found)).getEncoded(),
                    parsed.get(i).getEncoded());
        }
    }

    /** The engine accepts our ClientHello, and we read its ServerHello. */
    @Test
    void hellos() throws Exception {
        var benchmark = new HelloBenchmark();
        benchmark.setup();
        var server = ServerContext.of(Engine.JDK, HandshakeBenchmark.Certificate.P_256.make(), true, false);
        var peer = new EnginePeer(server.newEngine(UnpooledByteBufAllocator.DEFAULT), ByteBuffer.allocate(1 << 15),
                new byte[0]);
        var hello = benchmark.encoded;
        var answer = Unpooled.buffer();
        peer.take(Unpooled.buffer().writeByte(22).writeShort(0x0301).writeShort(hello.length).writeBytes(hello),
                answer);
        assertEquals(22, answer.readByte());
        answer.skipBytes(4);
        benchmark.serverHello = ByteBufUtil.getBytes(answer.readSlice(
                HandshakeMessage.HEADER + answer.getUnsignedMedium(answer.readerIndex() + 1)));
        var decoded = (ServerHello) benchmark.decode();
        assertEquals(0x0303, decoded.version());
        assertTrue(CipherSuite.of(decoded.cipherSuite()).isEcdsa());
    }

    private static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
