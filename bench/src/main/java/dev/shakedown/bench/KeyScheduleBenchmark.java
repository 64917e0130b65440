package dev.shakedown.bench;

import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeySchedule.EarlySecret;
import dev.shakedown.tls.crypto.KeySchedule.HandshakeSecret;
import dev.shakedown.tls.crypto.KeySchedule.MainSecret;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The key schedule of TLS 1.3 (RFC 8446, 7.1) for the client of a full handshake, and its parts. The baseline makes the
 * HMAC calls of {@link #whole} with all their inputs prepared beforehand.
 */
public class KeyScheduleBenchmark extends BenchmarkDefaults {
    /** All that a handshake derives, which benchmarks return. */
    public record Derived(KeyBlock.Keys clientHandshake, KeyBlock.Keys serverHandshake, byte[] serverFinished,
            byte[] clientFinished, KeyBlock.Keys clientApplication, KeyBlock.Keys serverApplication) {}

    @Param({"SHA_256", "SHA_384"})
    public Hash hash;

    private final Primitives primitives = new Primitives();
    private Bulk bulk;
    private PremasterSecret shared;
    byte[] transcriptHash;
    EarlySecret early;
    private HandshakeSecret handshake;
    MainSecret main;
    private TrafficSecret traffic;
    Mac mac;
    private byte[] zeros;
    private byte[][] infos;

    @Setup
    public void setup() throws GeneralSecurityException {
        bulk = hash == Hash.SHA_256 ? Bulk.AES_128_GCM : Bulk.AES_256_GCM;
        var random = new SplittableRandom();
        var secret = new byte[32];
        random.nextBytes(secret);
        shared = new PremasterSecret(secret);
        transcriptHash = new byte[hash.length()];
        random.nextBytes(transcriptHash);
        early = early();
        handshake = handshake();
        main = main();
        traffic = handshake.clientTraffic(primitives, transcriptHash);

        mac = Mac.getInstance(hash.macName());
        zeros = new byte[hash.length()];
        var nothing = MessageDigest.getInstance(hash.digestName()).digest();
        infos = new byte[][]{info("derived", nothing, hash.length()), info("c hs traffic", transcriptHash,
                hash.length()),
            info("s hs traffic", transcriptHash, hash.length()),
            info("c ap traffic", transcriptHash, hash.length()), info("s ap traffic", transcriptHash, hash.length()),
            info("key", new byte[0], bulk.keyLength()), info("iv", new byte[0], 12),
            info("finished", new byte[0], hash.length())};
        var ours = whole();
        var raw = baseline();
        require(Arrays.equals(ours.clientFinished, raw[0]), "the client's Finished");
        require(Arrays.equals(ours.serverApplication.key(), Arrays.copyOf(raw[1], bulk.keyLength())),
                "the server's application key");
        require(main.resumption(primitives, transcriptHash).ticket(primitives, new byte[]{1}).hash() == hash,
                "the ticket's key");
    }

    /** Returns the HkdfLabel (RFC 8446, 7.1), followed by the block's number. */
    static byte[] info(String label, byte[] context, int length) {
        var out = new ByteArrayOutputStream();
        out.write(length >> 8);
        out.write(length);
        out.write(6 + label.length());
        out.writeBytes(("tls13 " + label).getBytes(StandardCharsets.US_ASCII));
        out.write(context.length);
        out.writeBytes(context);
        out.write(1);
        return out.toByteArray();
    }

    @Benchmark
    @Baseline("baseline")
    public Derived whole() {
        var handshakeSecret = PreSharedKey.none(primitives, hash).handshake(primitives, shared);
        var client = handshakeSecret.clientTraffic(primitives, transcriptHash);
        var server = handshakeSecret.serverTraffic(primitives, transcriptHash);
        var mainSecret = handshakeSecret.main(primitives);
        return new Derived(client.keys(primitives, bulk), server.keys(primitives, bulk),
                server.finished(primitives, transcriptHash), client.finished(primitives, transcriptHash),
                mainSecret.clientTraffic(primitives, transcriptHash).keys(primitives, bulk),
                mainSecret.serverTraffic(primitives, transcriptHash).keys(primitives, bulk));
    }

    /** Returns the client's Finished, and the server's application key. */
    @Benchmark
    public byte[][] baseline() throws GeneralSecurityException {
        var handshakeSecret = mac(mac(mac(zeros, zeros), infos[0]), shared.bytes());
        var client = mac(handshakeSecret, infos[1]);
        var server = mac(handshakeSecret, infos[2]);
        var mainSecret = mac(mac(handshakeSecret, infos[0]), zeros);
        mac(client, infos[5]);
        mac(client, infos[6]);
        mac(server, infos[5]);
        mac(server, infos[6]);
        mac(mac(server, infos[7]), transcriptHash);
        var finished = mac(mac(client, infos[7]), transcriptHash);
        var clientApplication = mac(mainSecret, infos[3]);
        mac(clientApplication, infos[5]);
        mac(clientApplication, infos[6]);
        var serverApplication = mac(mainSecret, infos[4]);
        var key = mac(serverApplication, infos[5]);
        mac(serverApplication, infos[6]);
        return new byte[][]{finished, key};
    }

    private byte[] mac(byte[] key, byte[] message) throws GeneralSecurityException {
        mac.init(new SecretKeySpec(key, hash.macName()));
        return mac.doFinal(message);
    }

    @Benchmark
    public EarlySecret early() {
        return PreSharedKey.none(primitives, hash);
    }

    @Benchmark
    public HandshakeSecret handshake() {
        return early.handshake(primitives, shared);
    }

    @Benchmark
    public MainSecret main() {
        return handshake.main(primitives);
    }

    @Benchmark
    public KeyBlock.Keys trafficKeys() {
        return traffic.keys(primitives, bulk);
    }

    /** Derives what is kept with a ticket. */
    @Benchmark
    public PreSharedKey resumptionPsk() {
        return main.resumption(primitives, transcriptHash).ticket(primitives, transcriptHash);
    }

    /** Derives what is needed to offer a ticket. */
    @Benchmark
    public byte[] binder() {
        return early.resumptionBinder(primitives, transcriptHash);
    }
}
