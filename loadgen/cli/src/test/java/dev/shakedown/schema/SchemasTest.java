package dev.shakedown.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shakedown.results.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed schemas follow from the code. With {@code -Dschemas.write} they are written instead. */
class SchemasTest {
    static Set<String> names() {
        return Schemas.TYPES.keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isOfThisCode(String name) throws IOException {
        var text = Schemas.text(name);
        if (System.getProperty("schemas.write") != null) {
            Files.writeString(Schemas.file(name), text);
        }
        assertEquals(text, Files.readString(Schemas.file(name)),
                "the records of " + name + " changed; write their schema by -Dschemas.write");
    }

    /** What the check of all other tests must find, or it finds nothing. */
    @Test
    void aResultThatIsNotAsItsSchemaSaysFails() throws IOException {
        var gate = """
                {"formatVersion": 1, "gate": "time", "base": "a", "head": "b", "java": "25", "rows": []%s}""";
        Schemas.hold(Json.PLAIN.readTree(gate.formatted("")));
        for (var wrong : List.of(gate.formatted(", \"later\": 1"), gate.formatted(", \"threshold\": \"much\""),
                gate.formatted("").replace("\"base\": \"a\",", ""), gate.formatted("").replace("1", "2"))) {
            var result = Json.PLAIN.readTree(wrong);
            assertThrows(AssertionError.class, () -> Schemas.hold(result), wrong);
        }
    }
}
