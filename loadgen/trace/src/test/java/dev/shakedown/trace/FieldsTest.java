package dev.shakedown.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of message, decoded and printed. */
class FieldsTest {
    private static final byte[] THREE = {1, 2, (byte) 0xff};

    static Stream<Arguments> messages() {
        var prime = new byte[128];
        prime[0] = (byte) 0x80;
        return Stream.of(
                Arguments.of(new ServerKeyExchange.Dhe(prime, new byte[]{2}, THREE, 0x0401, new byte[256]), """
                        ServerKeyExchange
                          prime bits: 1024
                          generator[1]=
                            02
                          public value[3]=
                            01 02 ff
                          signature algorithm: rsa_pkcs1_sha256
                          signature bytes: 256
                        """),
                Arguments.of(new ServerKeyExchange.Ecdhe(25, THREE, ServerKeyExchange.NO_SCHEME, new byte[70]), """
                        ServerKeyExchange
                          group: secp521r1
                          public value[3]=
                            01 02 ff
                          signature bytes: 70
                        """),
                Arguments.of(new CertificateRequest(new byte[]{1, 64}, new int[]{0x0403, 0x0804},
                        List.of(new X500Principal("CN=clients").getEncoded(), new byte[]{1})), """
                                CertificateRequest
                                  certificate types
                                    rsa_sign
                                    ecdsa_sign
                                  signature algorithms
                                    ecdsa_secp256r1_sha256
                                    rsa_pss_rsae_sha256
                                  authorities
                                    CN=clients
                                    malformed name 01
                                """),
                Arguments.of(new CertificateRequest(new byte[]{2}, null, List.of()), """
                        CertificateRequest
                          certificate types
                            dss_sign
                          authorities: none
                        """),
                Arguments.of(new CertificateVerify(0x0807, new byte[64]), """
                        CertificateVerify
                          signature algorithm: ed25519
                          signature bytes: 64
                        """),
                Arguments.of(new CertificateVerify(ServerKeyExchange.NO_SCHEME, new byte[36]), """
                        CertificateVerify
                          signature bytes: 36
                        """),
                Arguments.of(new ClientKeyExchange(KeyExchange.DHE, THREE), """
                        ClientKeyExchange
                          key exchange: DHE
                          public value[3]=
                            01 02 ff
                        """),
                Arguments.of(new ClientKeyExchange(KeyExchange.RSA, THREE), """
                        ClientKeyExchange
                          key exchange: RSA
                          encrypted premaster[3]=
                            01 02 ff
                        """),
                Arguments.of(new ServerHelloDone(), "ServerHelloDone\n"),
                Arguments.of(new Finished(THREE), """
                        Finished
                          verify data[3]=
                            01 02 ff
                        """),
                Arguments.of(new NewSessionTicket(300, THREE), """
                        NewSessionTicket
                          lifetime seconds: 300
                          ticket bytes: 3
                        """),
                Arguments.of(new Tls13Message.NewSessionTicket(7200, 1, new byte[]{0}, THREE,
                        List.of(new Extension(Extension.EARLY_DATA, new byte[]{0, 0, 0x40, 0}))), """
                                NewSessionTicket
                                  lifetime seconds: 7200
                                  ticket bytes: 3
                                  extensions
                                    early_data: 16384
                                """),
                Arguments.of(new KeyUpdate(true), """
                        KeyUpdate
                          update requested: true
                        """),
                Arguments.of(new HandshakeMessage.Certificate(List.of(new byte[]{0x30})), null),
                Arguments.of(new ServerHello(0x0303, new byte[32], new byte[0], 0x0005, 1,
                        List.of(new Extension(Extension.RENEGOTIATION_INFO, new byte[]{0}))), """
                                ServerHello
                                  version: TLSv1.2
                                  random[32]=
                                    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                                    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                                  session id[0]=
                                  cipher suite: TLS_RSA_WITH_RC4_128_SHA
                                  compression method: deflate
                                  extensions
                                    renegotiation_info: empty
                                """));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyField(HandshakeMessage message, String text) {
        var printed = printed(new Event.Record(1_500_000, 2, false, new byte[]{22, 3, 3, 0, 3, 9, 8, 7},
                ContentType.HANDSHAKE, false, List.of(new RecordPart.Handshake(message))), false);
        var lines = printed.lines().toList();
        assertEquals("1 2   0.0015 (0.0015)  S>C  V3.3(3)  Handshake", lines.getFirst());
        if (text == null) {
            // bytes that are not a certificate
            assertTrue(printed.contains("malformed: "), printed);
            assertTrue(printed.contains("bytes: 30"), printed);
        } else {
            assertEquals(text.indent(6), printed.substring(printed.indexOf('\n') + 1));
        }
    }

    @Test
    void bytesAreThereWhereTheyAreAskedFor() {
        var alert = new Event.Record(0, 1, true, new byte[]{21, 3, 1, 0, 2, 2, 40}, ContentType.ALERT, false,
                List.of(new RecordPart.AlertPart(new Alert(2, 40))));
        var plain = printed(alert, false);
        assertTrue(plain.contains("description: handshake_failure\n"), plain);
        assertFalse(plain.contains("15 03 01"), plain);
        assertEquals(plain + "      15 03 01 00 02 02 28\n", printed(alert, true));
    }

    private static String printed(Event event, boolean hex) {
        var out = new StringWriter();
        new TraceText(new PrintWriter(out), 1, hex).print(event);
        return out.toString().replace(System.lineSeparator(), "\n");
    }
}
