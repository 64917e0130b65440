package dev.shakedown.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.shakedown.fuzz.Scratch;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any file in place of a PEM file is read, or rejected with a sentence that names it. */
class PemFuzzTest {
    private static final Scratch FILE = new Scratch("input.pem");

    static Stream<byte[]> pems() throws Exception {
        var ecdsa = new CertificateBuilder().algorithm(Algorithm.ecp256).subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        var ed25519 = new CertificateBuilder().algorithm(Algorithm.ed25519).subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        return Stream.of(ecdsa.getCertificatePEM(), ecdsa.getPrivateKeyPEM(), ed25519.getPrivateKeyPEM(),
                ecdsa.getPrivateKeyPEM() + ecdsa.getCertificatePEM(),
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n")
                .map(pem -> pem.getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("pems")
    @FuzzTest
    void chain(byte[] input) throws Exception {
        FILE.read(input, IllegalArgumentException.class, "certificate file ", PemFile::readChain);
    }

    @MethodSource("pems")
    @FuzzTest
    void key(byte[] input) throws Exception {
        FILE.read(input, IllegalArgumentException.class, "key file ", PemFile::readKey);
    }
}
