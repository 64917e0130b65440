package dev.shakedown.load.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportCauseTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "connect(..) failed with error(-99): Cannot assign requested address | ports | true",
        "Address already in use: connect | ports | true",
        "newSocketStream(..) failed with error(-24): Too many open files | descriptors | true",
        "Cannot allocate memory | memory | true", "Connection refused: /127.0.0.1:1 | connection_refused | false",
        "recvAddress(..) failed with error(-104): Connection reset by peer | connection_reset | false",
        "Broken pipe | connection_reset | false", "No route to host | unreachable | false",
        "Network is unreachable | unreachable | false", "Connection timed out | connection_timed_out | false",
        "Permission denied | not_permitted | false", "something new | transport_error | false"})
    void theKernelsWordsDecide(String words, String label, boolean own) {
        for (var error : new Exception[]{new IOException(words), new ConnectException(words),
            new IllegalStateException("wrapped", new IOException(words))}) {
            var cause = TransportCause.of(error);
            assertEquals(label, cause.label());
            assertEquals(own, cause.isOwn());
        }
    }
}
