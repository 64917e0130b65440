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

/** How JSON is read and written, whatever is in it. */
public final class Json {
    /** On one line, and for what others have written. */
    public static final JsonMapper PLAIN = JsonMapper.builder().build();

    /** Indented, for people to look into. */
    public static final JsonMapper INDENTED = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * As in result files: indented, {@code null} is left out, and what only another version knows is ignored when it is
     * read.
     */
    public static final JsonMapper RESULTS = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /**
     * The version of the format of all results. Within it names only get more, so that what was written by an earlier
     * version of the tool can be read; it changes when a name is taken away or changes its meaning.
     */
    public static final int FORMAT_VERSION = 1;

    private static final String FORMAT_VERSION_NAME = "formatVersion";

    private Json() {}

    /**
     * The text of a result, a JSON object that begins with {@code formatVersion}, with a line break at its end.
     *
     * @throws UncheckedIOException if it holds what has no form in JSON, which is a fault of this program
     */
    public static String result(JsonMapper mapper, Object result) {
        ObjectNode names = mapper.valueToTree(result);
        return text(mapper, mapper.createObjectNode().put(FORMAT_VERSION_NAME, FORMAT_VERSION).setAll(names));
    }

    /**
     * Reads what {@link #result} wrote, with this version of the tool or an earlier one.
     *
     * @throws JsonProcessingException if it is not JSON
     * @throws IOException if it cannot be read; with a sentence for people if it is of a later format
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
     * The text of a value, with a line break at its end.
     *
     * @throws UncheckedIOException if it holds what has no form in JSON, which is a fault of this program
     */
    public static String text(JsonMapper mapper, Object value) {
        try {
            return mapper.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a result does not go into JSON: " + e.getOriginalMessage(), e);
        }
    }
}
