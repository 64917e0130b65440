package dev.shakedown.load.prologue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A dialogue of lines, which the server begins. */
final class LineDialogue implements Dialogue {
    /** More than any server has to say. */
    private static final int MOST = 1 << 16;

    /**
     * What the server must say, and what is answered.
     *
     * @param last   the line that ends what the server says
     * @param before lines that may come before it
     * @param answer {@code null} where TLS begins
     */
    record Step(Pattern last, Pattern before, String answer) {}

    private final List<Step> steps;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private int step;
    private int all;

    LineDialogue(List<Step> steps) {
        this.steps = steps;
    }

    @Override
    public byte[] opening() {
        return new byte[0];
    }

    @Override
    public Next hear(byte[] bytes) {
        heard.writeBytes(bytes);
        all += bytes.length;
        if (all > MOST) {
            return new Next.Refused("the server's greeting has no end");
        }
        while (true) {
            var text = heard.toString(StandardCharsets.ISO_8859_1);
            var end = text.indexOf('\n');
            if (end < 0) {
                return new Next.Listen();
            }
            var line = text.substring(0, end).stripTrailing();
            var current = steps.get(step);
            if (current.last.matcher(line).matches()) {
                if (current.answer == null) {
                    return Starttls.begin(heard.toByteArray(), end + 1, new byte[0]);
                }
                if (heard.size() > end + 1) {
                    return new Next.Refused("the server speaks out of turn: "
                            + Starttls.quoted(text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1)));
                }
                heard.reset();
                step++;
                return new Next.Say(current.answer.getBytes(StandardCharsets.US_ASCII));
            }
            if (!current.before.matcher(line).matches()) {
                return new Next.Refused("the server says " + Starttls.quoted(line.getBytes(StandardCharsets.ISO_8859_1))
                        + (step == 0 ? ", which is no greeting of this protocol" : ", so TLS cannot begin"));
            }
            heard.reset();
            heard.writeBytes(text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
