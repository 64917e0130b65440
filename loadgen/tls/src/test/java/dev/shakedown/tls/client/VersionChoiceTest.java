package dev.shakedown.tls.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ServerHello;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionChoiceTest {
    private static final ClientSettings TLS12 = Tls12Exchange.Kind.RSA.settings();
    private static final ClientSettings TLS13 = Kind.FULL.settings();
    private static final ClientSettings BOTH = Kind.MIXED.settings();

    /**
     * The versions offered, whether it is a retry, the hello's version, supported_versions and end of random, and the
     * choice.
     */
    @ParameterizedTest
    @CsvSource({
        "2,  false, 0303, ,     ,          TLSv1.2",
        "2,  false, 0302, ,     ,          protocol_version",
        "2,  false, 0304, ,     ,          protocol_version",
        // A client that offers only TLS 1.2 ignores the rest of the hello.
        "2,  false, 0303, ,     DOWNGRD1,  TLSv1.2",
        "2,  false, 0303, 0304, ,          TLSv1.2",
        "3,  false, 0303, 0304, ,          TLSv1.3",
        "3,  false, 0303, 0304, DOWNGRD1,  TLSv1.3",
        "3,  true,  0303, 0304, ,          TLSv1.3",
        "3,  false, 0303, ,     ,          protocol_version",
        "3,  false, 0302, ,     ,          protocol_version",
        "3,  true,  0303, ,     ,          illegal_parameter",
        "3,  false, 0303, 0303, ,          illegal_parameter",
        "3,  false, 0303, 0305, ,          illegal_parameter",
        "3,  true,  0303, 0305, ,          illegal_parameter",
        "3,  false, 0303, ,     DOWNGRD1,  illegal_parameter",
        "3,  false, 0303, 03,   ,          decode_error",
        "23, false, 0303, 0304, ,          TLSv1.3",
        "23, true,  0303, 0304, ,          TLSv1.3",
        "23, false, 0303, ,     ,          TLSv1.2",
        "23, true,  0303, ,     ,          illegal_parameter",
        "23, false, 0303, 0303, ,          illegal_parameter",
        "23, false, 0303, 0302, ,          illegal_parameter",
        "23, false, 0302, ,     ,          protocol_version",
        "23, false, 0303, ,     DOWNGRD1,  illegal_parameter",
        "23, false, 0303, ,     DOWNGRD0,  illegal_parameter",
        "23, false, 0302, ,     DOWNGRD0,  illegal_parameter",
        "23, false, 0303, ,     DOWNGRD2,  TLSv1.2",
        "23, false, 0303, ,     EOWNGRD1,  TLSv1.2"})
    void chooses(String offered, boolean retried, String version, String selected, String end, String due) {
        var random = new byte[32];
        if (end != null) {
            System.arraycopy(end.getBytes(US_ASCII), 0, random, 24, 8);
            random[31] -= '0';
        }
        var hello = new ServerHello(Integer.parseInt(version, 16), random, new byte[0], 0x1301, 0, selected == null
                ? List.of()
                : List.of(new Extension(Extension.SUPPORTED_VERSIONS,
                        HexFormat.of().parseHex(selected))));
        assertEquals(due, chosen(switch (offered) {
            case "2" -> TLS12;
            case "3" -> TLS13;
            default -> BOTH;
        }, retried, hello));
    }

    private static String chosen(ClientSettings settings, boolean retried, ServerHello hello) {
        try {
            return VersionChoice.of(settings, retried, hello).label();
        } catch (Fault fault) {
            return fault.alert().label();
        }
    }
}
