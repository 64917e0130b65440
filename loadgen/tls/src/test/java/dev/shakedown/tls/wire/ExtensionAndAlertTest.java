package dev.shakedown.tls.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionAndAlertTest {
    static Stream<Arguments> extensions() {
        return Stream.of(
                Arguments.of(Extension.serverName("ab"), 0, "0005" + "00" + "0002" + "6162"),
                Arguments.of(Extension.supportedGroups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1)), 10,
                        "0004" + "001d" + "0017"),
                Arguments.of(Extension.ecPointFormats(), 11, "01" + "00"),
                Arguments.of(Extension.signatureAlgorithms(List.of(SignatureScheme.RSA_PSS_RSAE_SHA256)), 13,
                        "0002" + "0804"),
                Arguments.of(Extension.alpn(List.of("h2", "x")), 16, "0005" + "02" + "6832" + "01" + "78"),
                Arguments.of(Extension.encryptThenMac(), 22, ""),
                Arguments.of(Extension.extendedMasterSecret(), 23, ""),
                Arguments.of(Extension.sessionTicket(new byte[]{9}), 35, "09"),
                Arguments.of(Extension.renegotiationInfo(), 0xff01, "00"));
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void contentIsAsTheRfcsSay(Extension extension, int type, String hex) {
        assertEquals(type, extension.type());
        assertEquals(hex, HexFormat.of().formatHex(extension.data()));
    }

    @Test
    void alpnNamesTheOneProtocolChosen() throws Fault {
        assertEquals("h2", Extension.alpn(List.of("h2")).alpnChoice());
    }

    @ParameterizedTest
    @CsvSource({"nothing at all, ''", "no list, 00", "an empty list, 0000", "an empty name, 000100",
        "two names, 0006026832026832", "list too long, 0004026832", "list too short, 0002026832",
        "name too long, 0003036832", "bytes after the list, 000302683200"})
    void alpnThatDoesNotNameOneProtocolIsADecodeError(String name, String hex) {
        var fault = assertThrows(Fault.class,
                () -> new Extension(Extension.ALPN, HexFormat.of().parseHex(hex)).alpnChoice());
        assertEquals(AlertDescription.DECODE_ERROR, fault.alert());
    }

    @Test
    void everyAlertOfAKnownLevelComesBackAsItWas() throws Fault {
        for (var level = 0; level < 256; level++) {
            for (var description = 0; description < 256; description++) {
                var alert = new Alert(level, description);
                var bytes = Unpooled.buffer();
                alert.encode(bytes);
                assertEquals(level << 8 | description, bytes.getUnsignedShort(0));
                if (level == Alert.WARNING || level == Alert.FATAL) {
                    assertEquals(alert, Alert.decode(bytes));
                    assertEquals(level == Alert.FATAL || description == 0, alert.ends());
                } else {
                    var fault = assertThrows(Fault.class, () -> Alert.decode(bytes));
                    assertEquals(AlertDescription.ILLEGAL_PARAMETER, fault.alert());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 100})
    void anAlertOfAnotherLengthIsADecodeError(int length) {
        var fault = assertThrows(Fault.class, () -> Alert.decode(Unpooled.wrappedBuffer(new byte[length])));
        assertEquals(AlertDescription.DECODE_ERROR, fault.alert());
    }

    @Test
    void everyAlertHasAName() {
        assertEquals("handshake_failure", AlertDescription.describe(40));
        assertEquals("alert_99", AlertDescription.describe(99));
        for (var description : AlertDescription.values()) {
            assertTrue(description.label().matches("[a-z_]+"));
            assertEquals(description.label(), AlertDescription.describe(description.id()));
        }
    }
}
