package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

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

    private Json() {}

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
