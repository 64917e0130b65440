package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

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

    private Json() {}

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
