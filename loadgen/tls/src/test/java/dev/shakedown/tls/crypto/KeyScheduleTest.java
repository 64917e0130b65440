package dev.shakedown.tls.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.wire.CipherSuite.Bulk;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The key schedule against the traces of RFC 8448, and against Bouncy Castle's HKDF where they have no vector. */
class KeyScheduleTest {
    static final List<String> TRACES = Rfc8448.TRACES;

    private final Primitives primitives = new Primitives();

    @ParameterizedTest
    @FieldSource("TRACES")
    void everySecretOfATrace(String name) {
        var trace = Rfc8448.read(name);
        var psk = trace.values().stream().anyMatch(value -> value.step().equals("calculate PSK binder"))
                ? new PreSharedKey(Hash.SHA_256, trace.bytes("extract secret \"early\"", "IKM"))
                : null;
        var early = psk == null ? PreSharedKey.none(primitives, Hash.SHA_256) : psk.early(primitives);
        assertArrayEquals(trace.bytes("extract secret \"early\"", "secret"), early.bytes());

        var shared = new PremasterSecret(trace.bytes("extract secret \"handshake\"", "IKM"));
        var handshake = early.handshake(primitives, shared);
        assertArrayEquals(trace.bytes("extract secret \"handshake\"", "secret"), handshake.bytes());
        assertSecret(trace, "tls13 c hs traffic", hash -> handshake.clientTraffic(primitives, hash).bytes());
        assertSecret(trace, "tls13 s hs traffic", hash -> handshake.serverTraffic(primitives, hash).bytes());

        var main = handshake.main(primitives);
        assertArrayEquals(trace.bytes("extract secret \"master\"", "secret"), main.bytes());
        assertSecret(trace, "tls13 c ap traffic", hash -> main.clientTraffic(primitives, hash).bytes());
        assertSecret(trace, "tls13 s ap traffic", hash -> main.serverTraffic(primitives, hash).bytes());
        assertSecret(trace, "tls13 res master", hash -> main.resumption(primitives, hash).bytes());
    }

    private interface Derivation {
        byte[] of(byte[] hash);
    }

    private static void assertSecret(Rfc8448 trace, String label, Derivation derivation) {
        var step = "derive secret \"" + label + "\"";
        assertArrayEquals(trace.bytes(step, "expanded"), derivation.of(trace.bytes(step, "hash")), label);
    }

    @ParameterizedTest
    @FieldSource("TRACES")
    void everyRecordKeyOfATrace(String name) {
        var trace = Rfc8448.read(name);
        var checked = 0;
        for (var value : trace.values()) {
            if (value.step().contains("traffic keys") && value.field().equals("PRK")) {
                var keys = new TrafficSecret(Hash.SHA_256, value.bytes()).keys(primitives, Bulk.AES_128_GCM);
                assertArrayEquals(field(trace, value, "key expanded"), keys.key(), value.step());
                assertArrayEquals(field(trace, value, "iv expanded"), keys.iv(), value.step());
                assertEquals(0, keys.mac().length);
                checked++;
            }
        }
        assertTrue(checked >= 4, "keys checked: " + checked);
    }

    /** Returns the field of the same step of the same side. */
    private static byte[] field(Rfc8448 trace, Rfc8448.Value of, String field) {
        return trace.values().stream().filter(value -> value.who().equals(of.who()) && value.step().equals(of.step())
                && value.field().equals(field)).findFirst().orElseThrow().bytes();
    }

    @ParameterizedTest
    @FieldSource("TRACES")
    void bothFinishedOfATrace(String name) throws Exception {
        var trace = Rfc8448.read(name);
        var transcript = MessageDigest.getInstance("SHA-256");
        var messages = trace.messages();
        var retried = messages.get(2).field().equals("ClientHello");
        var checked = 0;
        for (var message : messages) {
            if (message.field().equals("Finished")) {
                var label = message.who().equals("server") ? "tls13 s hs traffic" : "tls13 c hs traffic";
                var secret = new TrafficSecret(Hash.SHA_256,
                        trace.bytes("derive secret \"" + label + "\"", "expanded"));
                var hash = ((MessageDigest) transcript.clone()).digest();
                var verifyData = Arrays.copyOfRange(message.bytes(), 4, message.bytes().length);
                assertArrayEquals(verifyData, secret.finished(primitives, hash), message.who());
                assertTrue(secret.verifies(primitives, hash, verifyData));
                verifyData[5]++;
                assertFalse(secret.verifies(primitives, hash, verifyData));
                checked++;
            }
            transcript.update(message.bytes());
            if (retried && message == messages.get(0)) {
                // RFC 8446, 4.4.1: a hash replaces the first ClientHello.
                var first = transcript.digest();
                transcript.update(new byte[]{(byte) 254, 0, 0, 32});
                transcript.update(first);
            }
        }
        assertEquals(2, checked);
    }

    @Test
    void aTicketsKeyAndItsBinder() throws Exception {
        var first = Rfc8448.read("simple-1-rtt");
        var second = Rfc8448.read("resumed-0-rtt");
        var resumption = new KeySchedule.ResumptionSecret(Hash.SHA_256,
                first.bytes("derive secret \"tls13 res master\"", "expanded"));
        var psk = resumption.ticket(primitives, new byte[]{0, 0});
        assertArrayEquals(second.bytes("extract secret \"early\"", "IKM"), psk.bytes());

        var early = psk.early(primitives);
        var prefix = second.bytes("calculate PSK binder", "ClientHello prefix");
        assertArrayEquals(second.bytes("calculate PSK binder", "finished"),
                early.resumptionBinder(primitives, MessageDigest.getInstance("SHA-256").digest(prefix)));
        assertSecret(second, "tls13 c e traffic", hash -> early.clientTraffic(primitives, hash).bytes());
    }

    /** RFC 8446, 7.1: without (EC)DHE a string of zeros takes its place. */
    @Test
    void sha384AndNoKeyExchangeAgreeWithBouncyCastle() {
        var random = new SplittableRandom(8446);
        var secret = new byte[48];
        var context = new byte[48];
        random.nextBytes(secret);
        random.nextBytes(context);
        var psk = new PreSharedKey(Hash.SHA_384, secret);
        var early = extract(new byte[48], secret);
        assertArrayEquals(early, psk.early(primitives).bytes());
        var handshake = psk.early(primitives).handshake(primitives, null);
        assertArrayEquals(extract(expand(early, "derived", new SHA384Digest()), new byte[48]), handshake.bytes());
        var traffic = handshake.clientTraffic(primitives, context);
        assertArrayEquals(expand(handshake.bytes(), "c hs traffic", context, 48), traffic.bytes());
        assertArrayEquals(expand(traffic.bytes(), "traffic upd", new byte[0], 48),
                traffic.updated(primitives).bytes());
        var keys = traffic.keys(primitives, Bulk.AES_256_GCM);
        assertArrayEquals(expand(traffic.bytes(), "key", new byte[0], 32), keys.key());
        assertArrayEquals(expand(traffic.bytes(), "iv", new byte[0], 12), keys.iv());
    }

    @Test
    void aLabelLongerThanOneBlockIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Hkdf.expandLabel(primitives, Hash.SHA_256, new byte[32],
                Hkdf.label("key"), new byte[0], 33));
    }

    private static byte[] extract(byte[] salt, byte[] inputKey) {
        return new HKDFBytesGenerator(new SHA384Digest()).extractPRK(salt, inputKey);
    }

    private static byte[] expand(byte[] secret, String label, SHA384Digest nothing) {
        var context = new byte[48];
        nothing.doFinal(context, 0);
        return expand(secret, label, context, 48);
    }

    private static byte[] expand(byte[] secret, String label, byte[] context, int length) {
        var info = new ByteArrayOutputStream();
        info.write(0);
        info.write(length);
        info.write(6 + label.length());
        info.writeBytes(("tls13 " + label).getBytes(StandardCharsets.US_ASCII));
        info.write(context.length);
        info.writeBytes(context);
        var hkdf = new HKDFBytesGenerator(new SHA384Digest());
        hkdf.init(HKDFParameters.skipExtractParameters(secret, info.toByteArray()));
        var out = new byte[length];
        hkdf.generateBytes(out, 0, length);
        return out;
    }
}
