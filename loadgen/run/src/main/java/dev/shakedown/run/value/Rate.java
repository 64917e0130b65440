package dev.shakedown.run.value;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;

/**
 * A rate per second, as people write it: {@code 500}, {@code 1k}, {@code 1,000}, {@code 2.5k}, {@code 100/s}.
 *
 * @param perSecond 0, or from 0.001 to 10,000,000
 */
@JsonDeserialize(using = Rate.FromPlan.class)
public record Rate(@JsonValue double perSecond) {
    private static final double LEAST = 0.001;
    private static final double MOST = 1e7;
    /** The range of rates above 0, in words. */
    public static final String RANGE = "from 0.001 to 10000000 per second";

    /**
     * Reads a rate.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Rate parse(String text) {
        var number = text.strip().replaceFirst("(?:\\s*(?:/\\s*(?:s|sec|second)|per second|a second)|rps)$", "");
        return Numbers.read(number).map(read -> new Rate(read.doubleValue()))
                .filter(rate -> rate.perSecond == 0 || rate.perSecond >= LEAST && rate.perSecond <= MOST)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a rate; write a number " + RANGE
                        + ", such as 500, 2.5k or 1,000" + Suggestion.ask(Numbers.readings(number))));
    }

    @Override
    public String toString() {
        return Numbers.text(perSecond);
    }

    /** Reads numbers and texts of a plan file alike. */
    static final class FromPlan extends StdDeserializer<Rate> {
        private static final long serialVersionUID = 1;

        FromPlan() {
            super(Rate.class);
        }

        @Override
        public Rate deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return parse(parser.getText());
            } catch (IllegalArgumentException e) {
                throw JsonMappingException.from(parser, e.getMessage(), e);
            }
        }
    }
}
