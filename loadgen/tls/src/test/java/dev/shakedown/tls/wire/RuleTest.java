package dev.shakedown.tls.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The closed lists of reasons for which the client ends a handshake. */
class RuleTest {
    static Stream<Rule> rules() {
        return Stream.concat(Arrays.stream(Violation.values()), Arrays.stream(Refusal.values()));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void eachSaysWhereItIsWrittenAndWhatIsTheMatter(Rule rule) {
        assertTrue(rule.reference().matches("RFC \\d{4}, [A-F\\d][.\\d]*"), rule.reference());
        assertTrue(rule.template().length() > 10, rule.template());
        assertTrue(rule.label().matches("[a-z][a-z0-9_]*"), rule.label());
    }

    @Test
    void noTwoHaveTheSameName() {
        var names = new HashSet<String>();
        rules().forEach(rule -> assertTrue(names.add(rule.label()), rule.label()));
    }

    @Test
    void aSentenceHasItsValuesInWhateverLanguage() {
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals("a record of version 0x0505 arrived; TLS versions are 0x03xx",
                    new Fault(Violation.RECORD_VERSION_UNKNOWN, 0x0505).getMessage());
            assertEquals("a record of 20000 bytes was announced; the maximum is 16384",
                    new Fault(Violation.RECORD_TOO_LONG, 20_000, 16_384).getMessage());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void whatCameOfItChangesNeitherRuleNorAlert() {
        var fault = new Fault(Violation.POINT_NOT_ON_CURVE, "secp256r1").soThat("the two sides derived different keys");
        assertEquals(Violation.POINT_NOT_ON_CURVE, fault.rule());
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, fault.alert());
        assertEquals("the server's public value is not on the curve of secp256r1, so that the two sides derived"
                + " different keys", fault.getMessage());
    }
}
