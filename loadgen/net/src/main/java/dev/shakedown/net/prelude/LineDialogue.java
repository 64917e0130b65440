package dev.shakedown.net.prelude;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A dialogue in lines of text, in which the server speaks first. */
final class LineDialogue implements Dialogue {
    /** The maximum length of all that the server says, in bytes. */
    private static final int MAX_LENGTH = 1 << 16;
    private static final int MAX_LINES = 1000;
    private static final String ENDLESS = "the server's greeting has no end";

    /**
     * What the server must say, and the client's answer.
     *
     * @param last   the line that ends what the server says
     * @param before lines that may come before it
     * @param answer {@code null} if TLS begins
     */
    record Step(Pattern last, Pattern before, @Nullable String answer) {}

    private final List<Step> steps;
    /** The beginning of the next line. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int step;
    private int all;
    private int lines;

    LineDialogue(List<Step> steps) {
        this.steps = steps;
    }

    @Override
    public byte[] opening() {
        return new byte[0];
    }

    @Override
    public Next hear(byte[] bytes) {
        all += bytes.length;
        if (all > MAX_LENGTH) {
            return new Next.Refused(ENDLESS);
        }
        for (var at = 0; at < bytes.length; at++) {
            if (bytes[at] != '\n') {
                line.write(bytes[at]);
                continue;
            }
            var said = line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            line.reset();
            var current = steps.get(step);
            if (current.last.matcher(said).matches()) {
                return current.answer == null
                        ? Starttls.begin(bytes, at + 1, new byte[0])
                        : answer(current.answer, Arrays.copyOfRange(bytes, at + 1, bytes.length));
            }
            if (!current.before.matcher(said).matches()) {
                return new Next.Refused("the server says " + Starttls.quoted(said.getBytes(StandardCharsets.ISO_8859_1))
                        + (step == 0 ? ", which is not a greeting in this protocol" : ", so TLS cannot begin"));
            }
            if (++lines > MAX_LINES) {
                return new Next.Refused(ENDLESS);
            }
        }
        return new Next.Listen();
    }

    private Next answer(String answer, byte[] more) {
        if (more.length > 0) {
            return new Next.Refused("the server speaks out of turn: " + Starttls.quoted(more));
        }
        step++;
        return new Next.Say(answer.getBytes(StandardCharsets.US_ASCII));
    }
}
