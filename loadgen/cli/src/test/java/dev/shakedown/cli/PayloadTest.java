package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.HttpHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    private static final byte[] HEAD = HttpHead.of("example.org");

    @TempDir
    private Path directory;

    @Test
    void textHasEscapes() {
        assertEquals("GET /\r\n\t\\n", text(Payload.parse("--request", "GET /\\r\\n\\t\\\\n")));
    }

    @Test
    void aFileIsTakenAsItIs() throws IOException {
        var bytes = new byte[]{0, '\\', 'r', -1};
        var file = Files.write(directory.resolve("request"), bytes);
        assertArrayEquals(bytes, Payload.parse("--request", file.toString()));
        assertArrayEquals(bytes, Payload.parseOrOfLength("--early-data", file.toString(), HEAD));
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 52, 100, 16384, 1 << 20})
    void aNumberIsAnHttpRequestOfThatLength(int length) {
        var request = Payload.parseOrOfLength("--early-data", Integer.toString(length), HEAD);
        assertEquals(length, request.length);
        assertTrue(text(request).matches("HEAD / HTTP/1.1\r\nHost: example.org\r\nX-Padding: x*\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "50", "1048577", "999999999"})
    void otherNumbersAreRefused(String number) {
        var refused = assertThrows(IllegalArgumentException.class,
                () -> Payload.parseOrOfLength("--early-data", number, HEAD));
        assertTrue(refused.getMessage().contains("from 51"), refused::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\", "a\\", "\\0"})
    void whatIsNothingOrHalfAnEscapeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Payload.parse("--request", text));
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws IOException {
        var file = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        assertThrows(IllegalArgumentException.class, () -> Payload.parse("--request", file.toString()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
