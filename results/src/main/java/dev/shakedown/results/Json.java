package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ways in which JSON is read and written. */
public final class Json {
    /** On one line; also reads files of other programs. */
    public static final JsonMapper PLAIN = JsonMapper.builder().build();

    /** Indented, for people to read. */
    public static final JsonMapper INDENTED = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * For result files: indented, {@code null} is left out, and names that only another version knows are ignored.
     */
    public static final JsonMapper RESULTS = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /**
     * The version of the format of all results. It changes when a name is removed or changes its meaning. Within a
     * version names are only added, so that results of earlier versions of the tool can be read.
     */
    public static final int FORMAT_VERSION = 1;

    private static final String FORMAT_VERSION_NAME = "formatVersion";

    private Json() {}

    /**
     * Returns the text of a result, a JSON object that begins with {@code formatVersion}, with a line break at its end.
     *
     * @throws UncheckedIOException if the result has no form in JSON, which is a fault of this program
     */
    public static String result(JsonMapper mapper, Object result) {
        ObjectNode names = mapper.valueToTree(result);
        return text(mapper, mapper.createObjectNode().put(FORMAT_VERSION_NAME, FORMAT_VERSION).setAll(names));
    }

    /**
     * Reads what {@link #result} wrote, with this version of the tool or an earlier one.
     *
     * @throws JsonProcessingException if it is not JSON
     * @throws IOException if it cannot be read; with a sentence for people if its format is of a later version
     */
    public static JsonNode readResult(Path file) throws IOException {
        var root = RESULTS.readTree(Files.readAllBytes(file));
        var version = root.path(FORMAT_VERSION_NAME).asInt(FORMAT_VERSION);
        if (version > FORMAT_VERSION) {
            throw new IOException("its format is version " + version + ", and this version of shakedown"
                    + " reads up to " + FORMAT_VERSION + "; take a newer one");
        }
        return root;
    }

    /**
     * Returns the JSON text of a value, with a line break at its end.
     *
     * @throws UncheckedIOException if the value has no form in JSON, which is a fault of this program
     */
    public static String text(JsonMapper mapper, Object value) {
        try {
            return mapper.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a result cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
