package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an alert means depends on whether the client has a certificate. */
class HandshakeFailureTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"BAD_CERTIFICATE, false, the server requires a client certificate",
        "BAD_CERTIFICATE, true, the server does not accept the client's certificate",
        "CERTIFICATE_REQUIRED, true, the server requires a client certificate",
        "UNKNOWN_CA, true, the server does not accept the client's certificate"})
    void certificates(AlertDescription alert, boolean identified, String meaning) {
        assertEquals(meaning, HandshakeFailure.of(Stage.SERVER_FINISHED, new Alert(Alert.FATAL, alert.id()), identified)
                .meaning());
    }
}
