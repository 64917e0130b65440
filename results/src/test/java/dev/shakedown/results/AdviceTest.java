package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings keep their places in a sentence, whatever their names. */
class AdviceTest {
    private static final Advice ADVICE = Advice.of("%s with that authority, or %s; not both", Setting.AUTHORITY,
            Setting.VERIFY.to("none"));

    @Test
    void whoeverPrintsItNamesTheSettings() {
        assertEquals("/AUTHORITY with that authority, or /VERIFY none; not both", ADVICE.in(name -> "/" + name));
        assertEquals("authority with that authority, or verify none; not both", ADVICE.toString());
        assertEquals("/MAX_LATE", Advice.of("%s", Setting.MAX_LATE).in(name -> "/" + name));
    }

    /** A server's text is not a template. */
    @Test
    void wordsStayAsTheyAre() {
        assertEquals("it said 100%s: source address", Advice.words("it said 100%s: ")
                .then(Advice.of("%s", Setting.SOURCE_ADDRESS)).toString());
    }

    @Test
    void severalBecomeOneSentence() {
        assertEquals("versions 1.2 or versions 1.1", Advice.join(List.of(Advice.of("%s", Setting.VERSIONS.to("1.2")),
                Advice.of("%s", Setting.VERSIONS.to("1.1"))), " or ").toString());
        assertEquals("", Advice.join(List.of(), " and ").toString());
        assertEquals("alone", Advice.join(List.of(Advice.words("alone")), " and ").toString());
    }

    @Test
    void eachPlaceHasItsSetting() {
        assertThrows(IllegalArgumentException.class, () -> Advice.of("%s or %s", Setting.ALPN));
        assertThrows(IllegalArgumentException.class, () -> Advice.of("none", Setting.ALPN));
    }
}
