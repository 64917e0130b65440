package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.server.PemFile;
import dev.shakedown.server.PemFiles;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Files as editors and other tools leave them: what is meant is plain, or what is wrong is said. */
class OddFilesTest {
    private static final String MARK = "\uFEFF";

    @TempDir
    private Path directory;
    private PemFiles files;

    @BeforeEach
    void makeFiles() throws Exception {
        files = PemFiles.in(directory);
    }

    @Test
    void aByteOrderMarkIsNoPartOfPem() throws IOException {
        var chain = PemFile.readChain(files.chain(files.ec()));
        assertEquals(chain, PemFile.readChain(write(MARK + Files.readString(files.chain(files.ec())))));
        assertEquals(PemFile.readKey(files.pkcs8(files.ec())),
                PemFile.readKey(write(MARK + Files.readString(files.pkcs8(files.ec())))));
        assertEquals(List.of(files.ec().getCertificate()),
                trusted(write(MARK + Files.readString(files.leafAlone(files.ec())))));
    }

    /**
     * As {@code openssl x509 -trustout} writes it: the certificate, followed by what it is trusted for; here nothing.
     */
    @Test
    void aTrustedCertificateIsACertificate() throws Exception {
        var bytes = Unpooled.wrappedBuffer(files.ec().getCertificate().getEncoded(), new byte[]{0x30, 0});
        var der = new byte[bytes.readableBytes()];
        bytes.readBytes(der);
        var file = write("-----BEGIN TRUSTED CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END TRUSTED CERTIFICATE-----\n");
        assertEquals(List.of(files.ec().getCertificate()), PemFile.readChain(file));
        assertEquals(List.of(files.ec().getCertificate()), trusted(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-----BEGIN %s-----\n!!!\n-----END %s-----\n", "-----BEGIN %s-----\nAAAA\n",
        "-----BEGIN %s-----\nAAAAA\n-----END %s-----\n"})
    void damageIsSaidInOneLine(String pem) throws IOException {
        var certificate = write(pem.replace("%s", "CERTIFICATE"));
        var key = Files.writeString(directory.resolve("key"), pem.replace("%s", "PRIVATE KEY"));
        var damaged = " is damaged: the text after its BEGIN line is not base64, or its END line is missing";
        assertSays("certificate file " + certificate + damaged, "server", "--cert", certificate.toString(), "--key",
                files.pkcs8(files.ec()).toString());
        assertSays("key file " + key + damaged, "server", "--cert", files.chain(files.ec()).toString(), "--key",
                key.toString());
        assertSays("certificate file " + certificate + damaged, "run", "127.0.0.1:1", "--client-cert",
                certificate.toString());
        assertSays(
                "--ca " + certificate + " is not a file of PEM certificates: certificate file " + certificate + damaged,
                "run", "127.0.0.1:1", "--verify", "once", "--ca", certificate.toString());
    }

    @Test
    void namesAreListedWithoutMarksAndWithoutLastDots() throws IOException {
        assertEquals(List.of("a.example", "b.example"),
                ServerNames.of(write(MARK + "a.example\nb.example.\nb.example\n").toString()));
        assertEquals(List.of("a.example"), ServerNames.of("a.example."));
        assertSays("'.' is not a value for --sni; write a host name in ASCII, such as www.example.org", "run",
                "127.0.0.1:1",
                "--sni",
                ".");
        assertSays("'a..' is not a value for --sni; write a host name in ASCII, such as www.example.org", "run",
                "127.0.0.1:1",
                "--sni", "a..");
    }

    @Test
    void theNameOfATargetGoesOutWithoutItsLastDot() {
        var client = CommandLine.populateCommand(new ClientOptions());
        assertEquals("localhost", client.settings("localhost.", List.of()).sni());
    }

    private static void assertSays(String sentence, String... arguments) {
        var run = CommandRun.of(arguments);
        assertEquals(new CommandRun(2, "", "shakedown: " + sentence + " (see 'shakedown " + arguments[0]
                + " --help')\n"), run);
    }

    private static List<X509Certificate> trusted(Path file) {
        return List.of(Trust.of(file, List.of()).getAcceptedIssuers());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("file"), text);
    }
}
