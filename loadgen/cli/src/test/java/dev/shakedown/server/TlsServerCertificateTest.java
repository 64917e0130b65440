package dev.shakedown.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target with certificate files of the user's own: what it takes, and what it says of the rest. */
@Tag("interop")
class TlsServerCertificateTest {

    @TempDir
    private Path directory;
    private PemFiles files;

    @BeforeEach
    void makeFiles() throws Exception {
        files = PemFiles.in(directory);
    }

    @Test
    void everyFormOfKeyServes() throws Exception {
        assertServes(files.rsa(), files.pkcs8(files.rsa()));
        assertServes(files.rsa(), files.traditionalRsa());
        assertServes(files.ec(), files.pkcs8(files.ec()));
        assertServes(files.ec(), files.traditionalEc());
        assertServes(files.ec(), files.traditionalEcWithParameters());
    }

    private void assertServes(X509Bundle bundle, Path key) throws Exception {
        var certificate = TlsServerCertificate.read(files.chain(bundle), key);
        var suite = bundle == files.rsa() ? TlsServers.SUITES.getFirst() : TlsServers.SUITES.getLast();
        for (var engine : TlsServers.engines()) {
            try (var target = TlsServers.start(engine, true, true, List.of(certificate));
                    var socket = new JdkClient(target, suite).connect()) {
                assertEquals(List.of(bundle.getCertificatePath()),
                        List.of(socket.getSession().getPeerCertificates()), "the whole chain is shown");
            }
        }
    }

    @Test
    void aLeafAloneServes() throws Exception {
        var certificate = TlsServerCertificate.read(files.leafAlone(files.rsa()), files.pkcs8(files.rsa()));
        assertEquals(1, certificate.chain().size());
    }

    @Test
    void filesThatCannotServeAreNamedInOneLine() throws Exception {
        var chain = files.chain(files.rsa());
        var key = files.pkcs8(files.rsa());
        var missing = directory.resolve("missing.pem");
        var garbage = files.write("garbage.pem", "no PEM at all\n");
        var broken = files.write("broken.pem",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        var brokenCertificate = files.write("brokencert.pem",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        var binary = Files.write(directory.resolve("binary.pem"), new byte[]{(byte) 0xFF, (byte) 0xFE, 0, 1});
        assertUsage("the key in " + files.traditionalEc() + " does not belong to the first certificate in "
                + chain, chain, files.traditionalEc());
        assertUsage("certificate file " + missing + " cannot be read", missing, key);
        assertUsage("certificate file " + directory + " cannot be read", directory, key);
        assertUsage("key file " + missing + " cannot be read", chain, missing);
        assertUsage("key file " + directory + " cannot be read", chain, directory);
        assertUsage("certificate file " + garbage + " contains no PEM certificate", garbage, key);
        assertUsage("certificate file " + key + " contains no PEM certificate", key, key);
        assertUsage("certificate file " + brokenCertificate + " contains no PEM certificate", brokenCertificate, key);
        for (var unusable : List.of(garbage, broken, binary, chain, files.encrypted())) {
            assertUsage("key file " + unusable + " contains no unencrypted PEM private key (PKCS #8 or traditional)",
                    chain, unusable);
        }
    }

    @Test
    void aKeyThatNoSuiteTakesIsNamedAsSuch() throws Exception {
        var bundle = new CertificateBuilder().algorithm(CertificateBuilder.Algorithm.ed25519).subject("CN=localhost")
                .setIsCertificateAuthority(true).buildSelfSigned();
        var chain = files.leafAlone(bundle);
        assertUsage("the first certificate in " + chain
                + " has an unsupported key; use RSA, or ECDSA on P-256, P-384 or P-521", chain, files.pkcs8(bundle));
    }

    private static void assertUsage(String sentence, Path certificate, Path key) {
        var run = CommandRun.of("server", "--listen", "127.0.0.1:0", "--cert", certificate.toString(), "--key",
                key.toString());
        assertEquals("shakedown: " + sentence + " (see 'shakedown server --help')\n", run.err());
        assertEquals(2, run.exitCode());
        assertEquals("", run.out());
    }

    @Test
    void oneFileAloneIsAUsageError() throws Exception {
        var run = CommandRun.of("server", "--cert", files.chain(files.rsa()).toString());
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--cert and --key must be given together"), run.err());
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var place = "127.0.0.1:" + taken.getLocalPort();
            var run = CommandRun.of("server", "--listen", place);
            assertEquals(3, run.exitCode());
            assertTrue(run.err().startsWith("shakedown: cannot listen on " + place + ": "), run.err());
            assertTrue(run.err().contains("something listens there already"), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }
}
