package dev.shakedown.bench;

import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Sealing and opening the first record under new keys, as for Finished. The baselines run the cipher (and the MAC) over
 * the same bytes under new keys, without records.
 */
public class RecordBenchmark extends BenchmarkDefaults {
    private static final int BLOCK = 16;
    private static final int NONCE = 12;
    private static final int MAC_LENGTH = 32;
    private static final int VERSION = ProtocolVersion.TLS_1_2.id();

    @Param({"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
    public CipherSuite suite;
    @Param({"16", "4096"})
    public int bytes;

    private final Primitives primitives = new Primitives();
    final KeyBlock.Keys[] keys = new KeyBlock.Keys[2];
    private final byte[][] sealed = new byte[2][];
    private final byte[][] sealedRaw = new byte[2][];
    private final ByteBuf out = Unpooled.buffer(8192);
    byte[] content;
    private Cipher cipher;
    private Mac mac;
    /** The JDK refuses to seal twice in a row with one key and nonce. */
    int turn;

    @Setup
    public void setup() throws GeneralSecurityException, Fault {
        var random = new SplittableRandom();
        content = new byte[bytes];
        random.nextBytes(content);
        cipher = Cipher.getInstance(switch (suite.bulk()) {
            case AES_128_GCM, AES_256_GCM -> "AES/GCM/NoPadding";
            case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
            case AES_128_CBC, AES_256_CBC -> "AES/CBC/NoPadding";
            case DES_EDE_CBC, RC4_128, NULL -> throw new IllegalArgumentException(suite + " is not measured");
        });
        mac = Mac.getInstance("HmacSHA256");
        for (var i = 0; i < 2; i++) {
            var secret = new byte[MasterSecret.LENGTH];
            random.nextBytes(secret);
            keys[i] = suite.isTls13()
                    ? new TrafficSecret(suite.prfHash(), Arrays.copyOf(secret, suite.prfHash().length()))
                            .keys(primitives, suite.bulk())
                    : new MasterSecret(secret).expand(primitives, suite, new byte[32], new byte[32]).client();
        }
        for (var i = 0; i < 2; i++) {
            turn = i;
            sealed[1 - i] = ByteBufUtil.getBytes(seal());
        }
        for (var i = 0; i < 2; i++) {
            require(Arrays.equals(content, ByteBufUtil.getBytes(open().fragment())), "an opened record");
        }
        sealed[0][sealed[0].length - 1] ^= 1;
        var refused = false;
        for (var i = 0; i < 2; i++) {
            try {
                open();
            } catch (Fault _) {
                refused = true;
            }
        }
        require(refused, "opening what was changed");
        sealed[0][sealed[0].length - 1] ^= 1;
        for (var i = 0; i < 2; i++) {
            turn = i;
            sealedRaw[1 - i] = baselineSeal();
        }
        for (var i = 0; i < 2; i++) {
            require(Arrays.equals(content, Arrays.copyOf(baselineOpen(), content.length)), "what the baseline opened");
        }
    }

    private RecordProtection protection() {
        turn = 1 - turn;
        return suite.isTls13()
                ? RecordProtection.withInnerType(primitives, suite, keys[turn])
                : RecordProtection.of(primitives, Dialect.tls12(suite.prfHash()), suite, keys[turn], false);
    }

    @Benchmark
    @Baseline("baselineSeal")
    public ByteBuf seal() {
        out.clear();
        protection().seal(ContentType.HANDSHAKE, Unpooled.wrappedBuffer(content), out);
        return out;
    }

    /** Opens a copy, since opening may work in place. */
    @Benchmark
    @Baseline("baselineOpen")
    public RecordReader.Record open() throws Fault {
        var protection = protection();
        var record = sealed[turn];
        return protection.open(new RecordReader.Record(
                suite.isTls13() ? ContentType.APPLICATION_DATA : ContentType.HANDSHAKE, VERSION,
                Unpooled.wrappedBuffer(Arrays.copyOfRange(record, RecordReader.HEADER, record.length))));
    }

    @Benchmark
    public byte[] baselineSeal() throws GeneralSecurityException {
        turn = 1 - turn;
        var input = content;
        if (suite.bulk().isCbc()) {
            var tag = tag(content);
            input = Arrays.copyOf(content, content.length + tag.length + BLOCK);
            System.arraycopy(tag, 0, input, content.length, tag.length);
        }
        initialise(Cipher.ENCRYPT_MODE);
        return cipher.doFinal(input);
    }

    /** Returns the content, followed by MAC and padding where the suite has them. */
    @Benchmark
    public byte[] baselineOpen() throws GeneralSecurityException {
        turn = 1 - turn;
        initialise(Cipher.DECRYPT_MODE);
        var opened = cipher.doFinal(sealedRaw[turn]);
        if (suite.bulk().isCbc()) {
            var tag = tag(Arrays.copyOf(opened, opened.length - MAC_LENGTH - BLOCK));
            require(Arrays.equals(tag, Arrays.copyOfRange(opened, opened.length - MAC_LENGTH - BLOCK,
                    opened.length - BLOCK)), "a record's MAC");
        }
        return opened;
    }

    private byte[] tag(byte[] covered) throws GeneralSecurityException {
        mac.init(new SecretKeySpec(keys[turn].mac(), "HmacSHA256"));
        return mac.doFinal(covered);
    }

    private void initialise(int mode) throws GeneralSecurityException {
        var nonce = new byte[suite.bulk().isCbc() ? BLOCK : NONCE];
        cipher.init(mode, new SecretKeySpec(keys[turn].key(), keyAlgorithm()), parameters(nonce));
        if (!suite.bulk().isCbc()) {
            cipher.updateAAD(nonce);
        }
    }

    private String keyAlgorithm() {
        return suite.bulk() == CipherSuite.Bulk.CHACHA20_POLY1305 ? "ChaCha20" : "AES";
    }

    private AlgorithmParameterSpec parameters(byte[] nonce) {
        return switch (suite.bulk()) {
            case AES_128_GCM, AES_256_GCM -> new GCMParameterSpec(128, nonce);
            default -> new IvParameterSpec(nonce);
        };
    }
}
