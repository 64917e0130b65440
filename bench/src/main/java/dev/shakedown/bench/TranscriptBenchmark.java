package dev.shakedown.bench;

import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The hash over the messages of a full TLS 1.2 handshake, which is needed three times: for the extended master secret
 * and for both Finished. The baseline hashes the same bytes in one piece and clones as often.
 */
public class TranscriptBenchmark extends BenchmarkDefaults {
    /** Types and lengths of the messages from ClientHello to both Finished, as with nginx and two certificates. */
    private static final int[][] MESSAGES = {{1, 200}, {2, 90}, {11, 1600}, {12, 150}, {14, 4}, {16, 37}, {20, 16},
        {4, 200}, {20, 16}};

    @Param({"SHA_256", "SHA_384"})
    public Hash hash;

    private final Primitives primitives = new Primitives();
    private final List<ByteBuf> messages = new ArrayList<>();
    private byte[] all;
    MessageDigest digest;

    @Setup
    public void setup() throws GeneralSecurityException, CloneNotSupportedException {
        var random = new SplittableRandom();
        var whole = Unpooled.buffer();
        for (var message : MESSAGES) {
            var bytes = new byte[message[1]];
            random.nextBytes(bytes);
            bytes[0] = (byte) message[0];
            messages.add(Unpooled.wrappedBuffer(bytes));
            whole.writeBytes(bytes);
        }
        all = new byte[whole.readableBytes()];
        whole.readBytes(all);
        digest = MessageDigest.getInstance(hash.digestName());
        var right = digest.digest(all);
        require(Arrays.equals(transcript(), right), "the transcript's hash");
        require(Arrays.equals(baseline(), right), "the baseline's hash");
    }

    @Benchmark
    @Baseline("baseline")
    public byte[] transcript() {
        var transcript = new Transcript(primitives);
        transcript.add(messages.getFirst());
        transcript.add(messages.get(1));
        transcript.begin(hash);
        for (var i = 2; i < 6; i++) {
            transcript.add(messages.get(i));
        }
        transcript.hash();
        transcript.add(messages.get(6));
        transcript.add(messages.get(7));
        transcript.add(messages.get(8));
        return transcript.hash();
    }

    @Benchmark
    public byte[] baseline() throws CloneNotSupportedException {
        digest.reset();
        digest.update(all);
        for (var i = 0; i < 3; i++) {
            ((MessageDigest) digest.clone()).digest();
        }
        return ((MessageDigest) digest.clone()).digest();
    }
}
