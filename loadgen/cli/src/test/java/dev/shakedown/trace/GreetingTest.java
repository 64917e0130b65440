package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import io.netty.pkitesting.CertificateBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other protocols say leads to the option that asks them for TLS. */
@Tag("interop")
@Timeout(60)
class GreetingTest {
    @ParameterizedTest
    @CsvSource({"220 mail.example ESMTP ready, --starttls smtp", "220 ProFTPD ready, --starttls ftp",
        "220 hello, --starttls smtp or --starttls ftp", "+OK ready, --starttls pop3", "* OK ready, --starttls imap",
        "421 too many, '--starttls smtp or --starttls ftp, once the server no longer turns clients away'",
        "HTTP/1.1 400 Bad Request, a port where the server speaks HTTP over TLS: here it speaks HTTP alone",
        "SSH-2.0-x, a port where the server speaks TLS: here it speaks SSH"})
    void aGreeting(String greeting, String advice) throws Exception {
        try (var server = new ChoosyServer(
                visit -> visit.say((greeting + "\r\n").getBytes(StandardCharsets.US_ASCII)))) {
            assertEquals(advice, verdict(server.port()).get("advice").asText());
        }
    }

    @Test
    void mysql() throws Exception {
        var bytes = "....\n8.0.36\0....".getBytes(StandardCharsets.US_ASCII);
        bytes[0] = 0x4a;
        bytes[1] = bytes[2] = bytes[3] = 0;
        try (var server = new ChoosyServer(visit -> visit.say(bytes))) {
            assertEquals("--starttls mysql", verdict(server.port()).get("advice").asText());
        }
    }

    /** A server of TLS waits for the client where a mail server would greet it, and answers LDAP with an alert. */
    @Test
    void starttlsWhereTlsIsSpokenAlready() throws Exception {
        try (var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (true) {
                    try (var socket = listener.accept()) {
                        if (socket.getInputStream().read() >= 0) {
                            socket.getOutputStream().write(new byte[]{21, 3, 1, 0, 2, 2, 10});
                            socket.getInputStream().read(new byte[1000]);
                        }
                    } catch (IOException _) {
                        return;
                    }
                }
            });
            var port = listener.getLocalPort();
            var alert = verdict(port, "--starttls", "ldap");
            assertEquals("no --starttls", alert.get("advice").asText());
            assertEquals("the server speaks TLS from the first byte: it answered with a record of TLS",
                    alert.get("cause").asText());
            var silence = verdict(port, "--starttls", "smtp", "--timeout", "300ms");
            assertTrue(silence.get("advice").asText().startsWith("no --starttls, if the port speaks TLS"),
                    silence::toString);
        }
    }

    /** Bytes after valid TLS that are not TLS break a rule; they are no reason to doubt the port. */
    @Test
    void anOddRecordBehindTls() throws Exception {
        try (var server = new ChoosyServer(visit -> {
            var served = new boolean[1];
            visit.serveUntil((fromServer, _) -> {
                var ends = served[0];
                served[0] |= fromServer;
                return ends;
            }, () -> visit.say(new byte[]{24, 3, 3, 0, 1, 0}));
        })) {
            var verdict = verdict(server.port(), "--tls", "1.2");
            assertTrue(verdict.get("cause").asText()
                    .startsWith("the server broke a rule of the protocol: the server sent a"
                            + " record of type 0x18"),
                    verdict::toString);
            assertTrue(verdict.get("advice").isNull(), verdict::toString);
        }
    }

    @Test
    void whatACertificateIsNotFor() throws Exception {
        var plain = new CertificateBuilder().ecp256().subject("CN=a").setIsCertificateAuthority(true).buildSelfSigned();
        assertEquals("", CertificateUsage.clientFlaw(plain.getCertificate()).orElse(""));
        var server = new CertificateBuilder().ecp256().subject("CN=a").addExtendedKeyUsageServerAuth()
                .setIsCertificateAuthority(true).buildSelfSigned().getCertificate();
        assertEquals("its extendedKeyUsage has no clientAuth", CertificateUsage.clientFlaw(server).orElseThrow());
        assertTrue(CertificateUsage.serverFlaw(server).isEmpty());
        var keys = new CertificateBuilder().ecp256().subject("CN=a").setIsCertificateAuthority(true)
                .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign).buildSelfSigned().getCertificate();
        assertEquals("its keyUsage has no digitalSignature", CertificateUsage.serverFlaw(keys).orElseThrow());
    }

    /** Nothing that a server sends can move the cursor of the user's terminal. */
    @Test
    void whatAServerSaysIsEscaped() throws Exception {
        var esc = "\u001b]0;x\u0007\u009b2J\u202e";
        var hello = helloWithAlpn(esc.getBytes(StandardCharsets.ISO_8859_1));
        try (var server = new ChoosyServer(visit -> visit.say(hello))) {
            for (var format : List.of("text", "json")) {
                var run = CommandRun.of("trace", "127.0.0.1:" + server.port(), "--tls", "1.2", "--format", format);
                assertTrue(
                        run.out().contains(format.equals("json") ? "\\\\u001b]0;x\\\\u0007\\\\u009b2J" : "\\u001b]0;x"),
                        run::out);
                assertFalse(run.out().chars().anyMatch(c -> c == 0x1b || c == 7 || c >= 0x80 && c < 0xa0), run::out);
            }
        }
    }

    private static byte[] helloWithAlpn(byte[] protocol) {
        var out = new ByteArrayOutputStream();
        var extension = 4 + 3 + protocol.length;
        var body = 2 + 32 + 1 + 2 + 1 + 2 + extension;
        out.writeBytes(new byte[]{22, 3, 3, 0, (byte) (4 + body), 2, 0, 0, (byte) body, 3, 3});
        out.writeBytes(new byte[33]);
        out.writeBytes(new byte[]{(byte) 0xc0, 0x2f, 0, 0, (byte) extension, 0, 16, 0, (byte) (extension - 4), 0,
            (byte) (protocol.length + 1), (byte) protocol.length});
        out.writeBytes(protocol);
        out.writeBytes(new byte[]{21, 3, 3, 0, 2, 2, 40});
        return out.toByteArray();
    }

    private static JsonNode verdict(int port, String... options) throws IOException {
        var command = new ArrayList<>(List.of("trace", "127.0.0.1:" + port, "--format", "json"));
        command.addAll(List.of(options));
        var run = CommandRun.of(command.toArray(String[]::new));
        return new JsonMapper().readTree(run.out()).at("/connections/0/verdict");
    }
}
